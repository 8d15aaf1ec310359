package io.coagateway.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The real programs that a test runs against. Where one is missing the test is skipped, and counted
 * with the reason; with {@code CI=true} it fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LabExtension.class)
public @interface Needs {
  /** Names of programs (or absolute paths of files) that must be on the machine. */
  String[] value() default {};

  /** Whether the test needs root: namespaces, captures. */
  boolean root() default false;
}
