package io.coagateway.admin;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What answers one path. */
interface AdminRoute {
  /** Who may ask. */
  enum Guard {
    /** Anybody who reaches the port. */
    OPEN,
    /** Whoever has the token, or came over the Unix socket. */
    TOKEN
  }

  Guard guard();

  /** GET implies HEAD. */
  Set<String> methods();

  /** The answer; the stage never fails. */
  CompletionStage<AdminResponse> answer(AdminRequest request);
}
