package io.coagateway.cli;

/** The program's entry: finds the command, runs it, exits with its code. */
public final class Main {
  private Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    System.exit(2);
  }
}
