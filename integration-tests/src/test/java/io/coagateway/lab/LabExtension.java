package io.coagateway.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test a {@link Lab} of its own, shows what happened when it fails, takes the lab down,
 * and notes in {@code target/real-peers.tsv} what ran with which peers and what was skipped.
 */
final class LabExtension
    implements ExecutionCondition,
        ParameterResolver,
        BeforeTestExecutionCallback,
        AfterTestExecutionCallback {
  private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isEmpty()) {
      return ConditionEvaluationResult.enabled("judged for each test");
    }
    List<String> missing = new ArrayList<>();
    boolean root = false;
    for (Needs needs : needs(context)) {
      for (String program : needs.value()) {
        if (Machine.find(program).isEmpty()) {
          missing.add(program + " is missing");
        }
      }
      root |= needs.root();
    }
    if (root && !Machine.isRoot()) {
      missing.add("not root");
    }
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all peers are here");
    }
    String reason = String.join(", ", missing);
    if (Machine.isContinuousIntegration()) {
      throw new IllegalStateException("CI=true, but " + reason);
    }
    note("skipped", context, reason);
    return ConditionEvaluationResult.disabled(reason);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Lab.class;
  }

  @Override
  public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(Lab.class, key -> new Lab(name(context)), Lab.class);
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    Set<String> peers = new LinkedHashSet<>();
    needs(context).forEach(needs -> peers.addAll(List.of(needs.value())));
    if (!peers.isEmpty()) {
      note("ran", context, String.join(",", peers));
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    Optional.ofNullable(context.getStore(NAMESPACE).get(Lab.class, Lab.class))
        .ifPresent(lab -> finish(lab, context));
  }

  private static void finish(Lab lab, ExtensionContext context) {
    Judge.Verdict verdict = lab.verdict();
    if (verdict.packets() > 0) {
      note("judged", context, Integer.toString(verdict.packets()));
    }
    List<String> leaks = lab.leaks();
    boolean failed = context.getExecutionException().isPresent();
    lab.finish(failed || !verdict.complaints().isEmpty() || !leaks.isEmpty());
    if (!failed && !leaks.isEmpty()) {
      throw new AssertionError("a buffer was not released:\n" + String.join("\n", leaks));
    }
    if (!failed && !verdict.complaints().isEmpty()) {
      throw new AssertionError("tshark complains:\n" + String.join("\n", verdict.complaints()));
    }
  }

  private static List<Needs> needs(ExtensionContext context) {
    List<Needs> all = new ArrayList<>();
    AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Needs.class)
        .ifPresent(all::add);
    AnnotationSupport.findAnnotation(context.getTestMethod(), Needs.class).ifPresent(all::add);
    return all;
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName()
        + "."
        + context.getTestMethod().map(java.lang.reflect.Method::getName).orElse("all");
  }

  private static void note(String what, ExtensionContext context, String detail) {
    try {
      Path file = Path.of("target", "real-peers.tsv");
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file,
          what + "\t" + name(context) + "\t" + detail + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
