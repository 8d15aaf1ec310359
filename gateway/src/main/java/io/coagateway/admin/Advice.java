package io.coagateway.admin;

import io.coagateway.radius.ErrorCause;

/** What an operator can do about a refusal, by its Error-Cause (RFC 5176 section 3.5). */
final class Advice {
  private Advice() {}

  static String on(ErrorCause cause) {
    return switch (cause) {
      case RESIDUAL_SESSION_CONTEXT_REMOVED -> "Nothing: the session was gone already.";
      case UNSUPPORTED_ATTRIBUTE ->
          "Take the attribute out at the DAC, add a mapping row, or set"
              + " radius.other-attributes: ignore. If a server could take the option, add it to its"
              + " rsoo-options.";
      case MISSING_ATTRIBUTE ->
          "Let the DAC identify the session, by User-Name or Acct-Session-Id for example; what else"
              + " is missing, like State with Authorize-Only, the log says.";
      case NAS_IDENTIFICATION_MISMATCH ->
          "The request names another NAS. Compare what the DAC sends with nas.identifier and"
              + " nas.addresses.";
      case INVALID_REQUEST ->
          "Look at the reason in the log: an attribute is badly formed, or a DHCPv6 server refused"
              + " the message.";
      case UNSUPPORTED_SERVICE -> "The gateway serves no Service-Type. Let the DAC leave it out.";
      case UNSUPPORTED_EXTENSION -> "The request type is not served here.";
      case INVALID_ATTRIBUTE_VALUE ->
          "Correct the value at the DAC. Options in DHCPv6-Options must be listed in"
              + " radius.dhcpv6-options-allowed.";
      case ADMINISTRATIVELY_PROHIBITED ->
          "Policy says no: the DAC's requests and sessions rules, the record's reconfigureAccept,"
              + " the server's reconfigure setting, or the server itself (is this relay allowed"
              + " there?).";
      case SESSION_CONTEXT_NOT_FOUND ->
          "No record matches all attributes that were given. Compare with: coa-gateway table find.";
      case SESSION_CONTEXT_NOT_REMOVABLE ->
          "The binding is still there. The log has the reason: server silent or refusing, record"
              + " without server or IAID, or nas.on-disconnect failed.";
      case RESOURCES_UNAVAILABLE ->
          "A server or the database did not answer in time, or a limit of ours was met. Look at the"
              + " top of this page, and at the servers below.";
      case MULTIPLE_SESSION_SELECTION_UNSUPPORTED ->
          "More sessions match than radius.max-sessions. Identify one session, or raise it.";
      case INVALID_EAP_PACKET,
          REQUEST_NOT_ROUTABLE,
          OTHER_PROXY_PROCESSING_ERROR,
          REQUEST_INITIATED,
          LOCATION_INFO_REQUIRED,
          RESPONSE_TOO_BIG ->
          "A proxy on the way says this, not the gateway.";
    };
  }
}
