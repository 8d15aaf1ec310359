package io.coagateway.radius;

/** The attributes that the gateway itself speaks of, by the names of the RFCs. */
public final class Attributes {
  /** User-Name (RFC 2865 section 5.1). */
  public static final AttributeId USER_NAME = AttributeId.of(1);

  /** NAS-IP-Address (RFC 2865 section 5.4). */
  public static final AttributeId NAS_IP_ADDRESS = AttributeId.of(4);

  /** NAS-Port (RFC 2865 section 5.5). */
  public static final AttributeId NAS_PORT = AttributeId.of(5);

  /** Service-Type (RFC 2865 section 5.6). */
  public static final AttributeId SERVICE_TYPE = AttributeId.of(6);

  /** Framed-IP-Address (RFC 2865 section 5.8). */
  public static final AttributeId FRAMED_IP_ADDRESS = AttributeId.of(8);

  /** Reply-Message (RFC 2865 section 5.18). */
  public static final AttributeId REPLY_MESSAGE = AttributeId.of(18);

  /** State (RFC 2865 section 5.24). */
  public static final AttributeId STATE = AttributeId.of(24);

  /** Class (RFC 2865 section 5.25). */
  public static final AttributeId CLASS = AttributeId.of(25);

  /** Vendor-Specific as a whole (RFC 2865 section 5.26). */
  public static final AttributeId VENDOR_SPECIFIC =
      AttributeId.of(AttributeId.VENDOR_SPECIFIC_TYPE);

  /** Called-Station-Id (RFC 2865 section 5.30). */
  public static final AttributeId CALLED_STATION_ID = AttributeId.of(30);

  /** Calling-Station-Id (RFC 2865 section 5.31). */
  public static final AttributeId CALLING_STATION_ID = AttributeId.of(31);

  /** NAS-Identifier (RFC 2865 section 5.32). */
  public static final AttributeId NAS_IDENTIFIER = AttributeId.of(32);

  /** Proxy-State (RFC 2865 section 5.33). */
  public static final AttributeId PROXY_STATE = AttributeId.of(33);

  /** Acct-Session-Id (RFC 2866 section 5.5). */
  public static final AttributeId ACCT_SESSION_ID = AttributeId.of(44);

  /** Acct-Terminate-Cause (RFC 2866 section 5.10). */
  public static final AttributeId ACCT_TERMINATE_CAUSE = AttributeId.of(49);

  /** Acct-Multi-Session-Id (RFC 2866 section 5.11). */
  public static final AttributeId ACCT_MULTI_SESSION_ID = AttributeId.of(50);

  /** Event-Timestamp (RFC 2869 section 5.3). */
  public static final AttributeId EVENT_TIMESTAMP = AttributeId.of(55);

  /** EAP-Message (RFC 3579 section 3.1). */
  public static final AttributeId EAP_MESSAGE = AttributeId.of(79);

  /** Message-Authenticator (RFC 3579 section 3.2; RFC 5176 section 3.4). */
  public static final AttributeId MESSAGE_AUTHENTICATOR = AttributeId.of(80);

  /** NAS-Port-Id (RFC 2869 section 5.17). */
  public static final AttributeId NAS_PORT_ID = AttributeId.of(87);

  /** Chargeable-User-Identity (RFC 4372 section 2.2). */
  public static final AttributeId CHARGEABLE_USER_IDENTITY = AttributeId.of(89);

  /** NAS-IPv6-Address (RFC 3162 section 2.1). */
  public static final AttributeId NAS_IPV6_ADDRESS = AttributeId.of(95);

  /** Framed-Interface-Id (RFC 3162 section 2.2). */
  public static final AttributeId FRAMED_INTERFACE_ID = AttributeId.of(96);

  /** Framed-IPv6-Prefix (RFC 3162 section 2.3). */
  public static final AttributeId FRAMED_IPV6_PREFIX = AttributeId.of(97);

  /** Framed-IPv6-Pool (RFC 3162 section 2.6). */
  public static final AttributeId FRAMED_IPV6_POOL = AttributeId.of(100);

  /** Error-Cause (RFC 5176 section 3.5). */
  public static final AttributeId ERROR_CAUSE = AttributeId.of(101);

  /** Delegated-IPv6-Prefix (RFC 4818 section 3). */
  public static final AttributeId DELEGATED_IPV6_PREFIX = AttributeId.of(123);

  /** Operator-Name (RFC 5580 section 4.1). */
  public static final AttributeId OPERATOR_NAME = AttributeId.of(126);

  /** DS-Lite-Tunnel-Name (RFC 6519 section 4.1). */
  public static final AttributeId DS_LITE_TUNNEL_NAME = AttributeId.of(144);

  /** Framed-IPv6-Address (RFC 6911 section 3.1). */
  public static final AttributeId FRAMED_IPV6_ADDRESS = AttributeId.of(168);

  /** DNS-Server-IPv6-Address (RFC 6911 section 3.2). */
  public static final AttributeId DNS_SERVER_IPV6_ADDRESS = AttributeId.of(169);

  /** Route-IPv6-Information (RFC 6911 section 3.3). */
  public static final AttributeId ROUTE_IPV6_INFORMATION = AttributeId.of(170);

  /** Delegated-IPv6-Prefix-Pool (RFC 6911 section 3.4). */
  public static final AttributeId DELEGATED_IPV6_PREFIX_POOL = AttributeId.of(171);

  /** Stateful-IPv6-Address-Pool (RFC 6911 section 3.5). */
  public static final AttributeId STATEFUL_IPV6_ADDRESS_POOL = AttributeId.of(172);

  /** Operator-NAS-Identifier (RFC 8559 section 3.4). */
  public static final AttributeId OPERATOR_NAS_IDENTIFIER = AttributeId.extended(241, 8);

  /** Softwire46-Configuration (RFC 8658 section 3.1). */
  public static final AttributeId SOFTWIRE46_CONFIGURATION = AttributeId.extended(241, 9);

  /** Softwire46-Priority (RFC 8658 section 3.2). */
  public static final AttributeId SOFTWIRE46_PRIORITY = AttributeId.extended(241, 10);

  /** Softwire46-Multicast (RFC 8658 section 3.3). */
  public static final AttributeId SOFTWIRE46_MULTICAST = AttributeId.extended(241, 11);

  /** DHCPv6-Options (RFC 9445 section 3.1). */
  public static final AttributeId DHCPV6_OPTIONS = AttributeId.extended(245, 3);

  private Attributes() {}
}
