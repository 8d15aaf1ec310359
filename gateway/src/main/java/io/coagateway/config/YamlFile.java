package io.coagateway.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Turns YAML text into {@link Node}s with line numbers. Values stay text: what {@code 25s}, {@code
 * yes} or {@code 010} mean is the setting's own affair, not YAML's.
 */
final class YamlFile {
  /** Deeper than any configuration goes; an alias that contains itself is deeper still. */
  private static final int MAX_DEPTH = 16;

  private static final Pattern SIGN_PROBLEM =
      Pattern.compile(
          "found (undefined alias|undefined tag handle|duplicate anchor|character '(?!\\\\t))");

  private static final Pattern SIGN_CONTEXT =
      Pattern.compile("while scanning (a tag|an alias|an anchor|a block scalar|a directive)");

  private static final String SIGN =
      "what stands here begins with a sign that has a meaning of its own. Quote a value that begins"
          + " with one of * & ! | > % @ `";

  private final Findings findings;

  private YamlFile(Findings findings) {
    this.findings = findings;
  }

  /** The file's tree; what cannot be read becomes a problem and an empty mapping. */
  static Node.Mapping read(String text, Findings findings) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(50);
    try {
      org.yaml.snakeyaml.nodes.Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        findings.problem(0, "", "is empty. Start from the conf/gateway.yaml that is shipped.");
        return new Node.Mapping(List.of(), 0);
      }
      if (new YamlFile(findings).node(root, "", 0) instanceof Node.Mapping mapping) {
        return mapping;
      }
      findings.problem(
          lineOf(root.getStartMark()),
          "",
          "The file does not hold keys and values. Write lines like \"radius:\".");
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      findings.problem(lineOf(mark), "", syntaxMessage(e));
    } catch (ReaderException e) {
      findings.problem(
          lineOf(text, e.getCodePoint()),
          "",
          "This is not YAML: U+%04X stands here, which no text has. Take it out; save the file as UTF-8."
              .formatted(e.getCodePoint()));
    } catch (YAMLException e) {
      findings.problem(0, "", "This is not YAML: " + oneLine(e.getMessage()) + ".");
    }
    return new Node.Mapping(List.of(), 0);
  }

  /** The parser's words, but not those that repeat the text, which may be a secret. */
  private static String syntaxMessage(MarkedYAMLException e) {
    String problem = oneLine(String.valueOf(e.getProblem()));
    String context = e.getContext() == null ? "" : oneLine(e.getContext());
    if (SIGN_PROBLEM.matcher(problem).lookingAt() || SIGN_CONTEXT.matcher(context).lookingAt()) {
      return "This is not YAML: " + SIGN;
    }
    if (context.equals("while scanning a double-quoted scalar") && !problem.contains("end of")) {
      return "This is not YAML: a backslash in double quotes begins nothing that YAML knows. Write"
          + " \\\\ for one backslash, or take single quotes.";
    }
    return "This is not YAML: "
        + problem
        + (context.isEmpty() ? "" : " (" + context + ")")
        + ". Look at indentation (spaces, never tabs), colons (a space after each) and quotes here"
        + " and just above."
        + (problem.endsWith("got {") ? " Between braces, ${…} takes quotes." : "")
        + (problem.endsWith("found ':'") ? " An address like \"[::1]:547\" takes quotes." : "");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The line of the first such character. */
  private static int lineOf(String text, int character) {
    String before = text.substring(0, Math.max(0, text.indexOf(character)));
    return (int) before.chars().filter(c -> c == '\n').count() + 1;
  }

  private static int lineOf(Mark mark) {
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private Node node(org.yaml.snakeyaml.nodes.Node node, String path, int depth) {
    int line = lineOf(node.getStartMark());
    if (depth > MAX_DEPTH) {
      findings.problem(line, path, "is nested too deeply. Does an alias (*name) contain itself?");
      return new Node.Nothing(line);
    }
    refuseTag(node, path);
    if (node instanceof ScalarNode scalar) {
      return Tag.NULL.equals(scalar.getTag())
          ? new Node.Nothing(line)
          : new Node.Scalar(scalar.getValue(), line);
    }
    if (node instanceof SequenceNode sequence) {
      List<Node> items = new ArrayList<>();
      for (org.yaml.snakeyaml.nodes.Node item : sequence.getValue()) {
        items.add(node(item, path + "[" + items.size() + "]", depth + 1));
      }
      return new Node.Sequence(items, line);
    }
    return mapping((MappingNode) node, path, line, depth);
  }

  /**
   * Words that begin with an exclamation mark, which would be gone from a secret that begins so; of
   * YAML's own, the one whose value is coded.
   */
  private void refuseTag(org.yaml.snakeyaml.nodes.Node node, String path) {
    if (node.getTag().getValue().startsWith("!") || Tag.BINARY.equals(node.getTag())) {
      findings.problem(lineOf(node.getStartMark()), path, "is not read as it stands: " + SIGN);
    }
  }

  private Node mapping(MappingNode node, String path, int line, int depth) {
    List<Node.Entry> entries = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      int keyLine = lineOf(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        findings.problem(keyLine, path, "has a key that is not a single word.");
        continue;
      }
      String key = keyNode.getValue();
      String keyPath = Section.join(path, key);
      Integer before = seen.putIfAbsent(key, keyLine);
      if (before != null) {
        findings.problem(
            keyLine, keyPath, "is here twice, first in line " + before + ". Keep one of them.");
        continue;
      }
      // what stands inside a secret is its reader's to refuse, without the keys that it seems to
      // have
      Supplier<Node> read = () -> node(tuple.getValueNode(), keyPath, depth + 1);
      if (Shown.isSecret(key)) {
        refuseTag(tuple.getValueNode(), keyPath);
        if (tuple.getValueNode() instanceof SequenceNode secrets) {
          secrets.getValue().forEach(secret -> refuseTag(secret, keyPath));
        }
      }
      Node value = Shown.isSecret(key) ? findings.muted(read) : read.get();
      boolean inBraces = node.getFlowStyle() == DumperOptions.FlowStyle.FLOW;
      entries.add(new Node.Entry(key, keyLine, value, inBraces));
    }
    return new Node.Mapping(entries, line);
  }
}
