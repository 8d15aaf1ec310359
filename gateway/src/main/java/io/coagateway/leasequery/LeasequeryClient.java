package io.coagateway.leasequery;

import io.coagateway.dhcpv6.ClientDataOption;
import io.coagateway.dhcpv6.ClientIdOption;
import io.coagateway.dhcpv6.ClientServerMessage;
import io.coagateway.dhcpv6.Duid;
import io.coagateway.dhcpv6.LqClientLinkOption;
import io.coagateway.dhcpv6.Message;
import io.coagateway.dhcpv6.MessageType;
import io.coagateway.dhcpv6.ServerIdOption;
import io.coagateway.dhcpv6.StatusCode;
import io.coagateway.dhcpv6.StatusCodeOption;
import io.coagateway.leasequery.LeasequeryObserver.Discard;
import io.coagateway.relay.DatagramPort;
import io.coagateway.relay.DatagramReceiver;
import io.coagateway.relay.DhcpServer;
import io.coagateway.relay.RetransmissionParameters;
import io.coagateway.time.Timers;
import io.coagateway.wire.Ipv6Address;
import io.coagateway.wire.MalformedException;
import io.coagateway.wire.Octets;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The requestor of LEASEQUERY over UDP (RFC 5007 section 4.3). All servers are asked at once, and
 * the first that tells of a client ends the question.
 *
 * <pre>
 *   asked of a server --REPLY with CLIENT_DATA--> told
 *                     --REPLY with LQ_CLIENT_LINK--> asked again, once for each link
 *                     --REPLY with neither, error status--> in vain
 *                     --LQ_MAX_RC transmissions, or the deadline--> no answer
 * </pre>
 *
 * <p>Bounded: so many questions at once, each server's rate limit, and a question that was in vain
 * is not put again for a while, so that whoever keeps asking for what does not exist makes no flood
 * of queries (section 5). The same question while it is open is one question.
 *
 * <p>Only on the loop of its timers. It owns no socket.
 */
public final class LeasequeryClient implements DatagramReceiver {
  /** LQ_TIMEOUT, LQ_MAX_RT, LQ_MAX_RC: RFC 5007 section 4.1.4. */
  static final RetransmissionParameters RETRANSMISSION =
      new RetransmissionParameters(Duration.ofSeconds(1), Duration.ofSeconds(10), 5, Duration.ZERO);

  /** On how many links a client is asked for. */
  private static final int MOST_LINKS = 8;

  private static final int MOST_REMEMBERED = 10_000;

  private final MissParameters parameters;
  private final DatagramPort port;
  private final Predicate<DhcpServer> mayAsk;
  private final Timers timers;
  private final RandomGenerator random;
  private final LeasequeryObserver observer;
  private final Map<Integer, Asking> byTransaction = new HashMap<>();
  private final Map<LeaseQuery, Question> open = new HashMap<>();
  private final Map<LeaseQuery, Vain> inVain = new LinkedHashMap<>();
  private volatile int outstanding; // for who looks from outside

  /** An answer that helped nobody, and until when it stands. */
  private record Vain(LeaseAnswer answer, long untilNanos) {}

  /**
   * @param port where queries leave
   * @param mayAsk takes a permit of the server's rate limit, if there is one
   * @param timers of the loop
   * @param random for transaction ids and jitter; a secure one outside tests
   * @param observer told what happens
   */
  public LeasequeryClient(
      MissParameters parameters,
      DatagramPort port,
      Predicate<DhcpServer> mayAsk,
      Timers timers,
      RandomGenerator random,
      LeasequeryObserver observer) {
    this.parameters = parameters;
    this.port = port;
    this.mayAsk = mayAsk;
    this.timers = timers;
    this.random = random;
    this.observer = observer;
  }

  /** How many questions are open. From any thread. */
  public int outstanding() {
    return outstanding;
  }

  /**
   * Asks.
   *
   * @param deadlineNanos when the answer is of no use any more, as {@link Timers#nanos}
   * @return what the servers say, on the loop; never fails
   */
  public CompletionStage<LeaseAnswer> ask(LeaseQuery query, long deadlineNanos) {
    Question same = open.get(query);
    if (same != null) {
      return same.answer;
    }
    long now = timers.nanos();
    forgetOld(now);
    Vain vain = inVain.get(query);
    if (vain != null) {
      observer.remembered(query);
      return CompletableFuture.completedFuture(vain.answer());
    }
    if (open.size() >= parameters.outstanding()) {
      return notAsked(query, open.size() + " questions are open");
    }
    Question question = new Question(query);
    open.put(query, question);
    outstanding = open.size();
    question.start(deadlineNanos - now);
    return question.answer;
  }

  private CompletionStage<LeaseAnswer> notAsked(LeaseQuery query, String why) {
    LeaseAnswer answer = new LeaseAnswer(LeaseAnswer.Kind.NOT_ASKED, why);
    observer.ended(query, answer);
    return CompletableFuture.completedFuture(answer);
  }

  private void forgetOld(long now) {
    Iterator<Vain> oldest = inVain.values().iterator();
    while (oldest.hasNext() && oldest.next().untilNanos() - now <= 0) {
      oldest.remove();
    }
  }

  private void remember(LeaseQuery query, LeaseAnswer answer) {
    if (inVain.size() >= MOST_REMEMBERED) {
      Iterator<Vain> oldest = inVain.values().iterator();
      oldest.next();
      oldest.remove();
    }
    inVain.put(query, new Vain(answer, timers.nanos() + parameters.memory().toNanos()));
  }

  @Override
  public void onDatagram(Octets datagram, InetSocketAddress source) {
    try {
      if (!(Message.parse(datagram) instanceof ClientServerMessage message)
          || !message.type().equals(MessageType.LEASEQUERY_REPLY)) {
        observer.discarded(Discard.OTHER_MESSAGE, "from " + source);
        return;
      }
      Asking asking = byTransaction.get(message.transactionId());
      Optional<Duid> server =
          message.options().first(ServerIdOption.class).map(ServerIdOption::duid);
      Optional<Duid> requestor =
          message.options().first(ClientIdOption.class).map(ClientIdOption::duid);
      if (asking == null) {
        observer.discarded(Discard.UNKNOWN_TRANSACTION, "from " + source);
      } else if (!asking.server.address().getAddress().equals(source.getAddress())) {
        observer.discarded(Discard.UNKNOWN_SOURCE, "from " + source);
      } else if (server.isEmpty() || !requestor.equals(Optional.of(parameters.requestor()))) {
        observer.discarded(Discard.NOT_FOR_US, "from " + source);
      } else {
        asking.onReply(message, server.get().compact());
      }
    } catch (MalformedException e) {
      observer.discarded(Discard.MALFORMED, "from " + source + ": " + e.getMessage());
    }
  }

  @Override
  public void onForwardable(Octets datagram, InetSocketAddress source, DatagramPort arrivedAt) {
    observer.discarded(Discard.OTHER_MESSAGE, "from " + source);
  }

  @Override
  public void burstEnd() {
    // each query left at once
  }

  /** One question to all servers. */
  private final class Question {
    private final LeaseQuery query;
    private final CompletableFuture<LeaseAnswer> answer = new CompletableFuture<>();
    private final List<Asking> asking = new ArrayList<>();
    private final List<LeasedClient> clients = new ArrayList<>();
    private LeaseAnswer.Kind worst = LeaseAnswer.Kind.NOTHING_KNOWN;
    private final StringBuilder details = new StringBuilder();
    private Optional<Timers.Timer> deadline = Optional.empty();

    Question(LeaseQuery query) {
      this.query = query;
    }

    void start(long patienceNanos) {
      deadline = Optional.of(timers.after(Math.max(0, patienceNanos), this::onDeadline));
      for (DhcpServer server : parameters.servers()) {
        asking.add(new Asking(this, server, query));
      }
      List.copyOf(asking).forEach(Asking::transmit);
      decide();
    }

    /** A client on several links: asked for on each. */
    void askOnLinks(Asking before, List<Ipv6Address> links) {
      asking.remove(before);
      List<Asking> more =
          links.stream()
              .distinct()
              .filter(link -> !link.isUnspecified())
              .limit(MOST_LINKS)
              .map(link -> new Asking(this, before.server, query.on(link)))
              .toList();
      asking.addAll(more);
      more.forEach(Asking::transmit);
      decide();
    }

    void told(Asking by, List<LeasedClient> told) {
      asking.remove(by);
      clients.addAll(told);
      decide();
    }

    void inVain(Asking by, LeaseAnswer.Kind how, String detail) {
      asking.remove(by);
      worst = how.compareTo(worst) > 0 ? how : worst;
      if (!detail.isEmpty()) {
        details.append(details.isEmpty() ? "" : "; ").append(by.server.name()).append(": ");
        details.append(detail);
      }
      decide();
    }

    /** Ends when nothing is open at a server that told something, or nothing at all. */
    private void decide() {
      boolean more = !clients.isEmpty() && asking.stream().anyMatch(Asking::isForOneLink);
      if (asking.isEmpty() || (!clients.isEmpty() && !more)) {
        end();
      }
    }

    private void onDeadline() {
      if (clients.isEmpty()) {
        for (Asking late : List.copyOf(asking)) {
          late.onTooLate();
        }
      }
      end();
    }

    private void end() {
      if (answer.isDone()) {
        return;
      }
      deadline.ifPresent(Timers.Timer::cancel);
      asking.forEach(Asking::forget);
      asking.clear();
      open.remove(query);
      outstanding = open.size();
      LeaseAnswer ended =
          clients.isEmpty()
              ? new LeaseAnswer(worst, details.toString())
              : new LeaseAnswer(LeaseAnswer.Kind.FOUND, clients, "");
      if (ended.kind() != LeaseAnswer.Kind.FOUND && ended.kind() != LeaseAnswer.Kind.NOT_ASKED) {
        remember(query, ended);
      }
      observer.ended(query, ended);
      answer.complete(ended);
    }
  }

  /** One question to one server, on one link or on all. */
  private final class Asking {
    private final Question question;
    private final DhcpServer server;
    private final LeaseQuery query;
    private final int transactionId;
    private final Octets message;
    private int transmissions;
    private boolean left;
    private long waitNanos;
    private Optional<Timers.Timer> again = Optional.empty();

    Asking(Question question, DhcpServer server, LeaseQuery query) {
      this.question = question;
      this.server = server;
      this.query = query;
      int id = random.nextInt(1 << 24);
      while (byTransaction.containsKey(id)) {
        id = random.nextInt(1 << 24);
      }
      this.transactionId = id;
      this.message = query.message(id, parameters.requestor()).encode();
      byTransaction.put(id, this);
    }

    boolean isForOneLink() {
      return !query.link().isUnspecified();
    }

    private void transmit() {
      transmissions++;
      if (mayAsk.test(server)) {
        left = true;
        port.send(message, server.address());
        port.flush();
        observer.sent(server, transmissions);
      } else {
        observer.held(server); // as if it were lost: its next transmission may leave
      }
      waitNanos = RETRANSMISSION.waitAfter(waitNanos, () -> random.nextDouble() * 0.2 - 0.1);
      again = Optional.of(timers.after(waitNanos, this::onSilence));
    }

    private void onSilence() {
      if (!RETRANSMISSION.isExhausted(transmissions)) {
        transmit();
      } else if (left) {
        inVain(LeaseAnswer.Kind.NO_ANSWER, "no answer to " + transmissions + " queries");
      } else {
        inVain(LeaseAnswer.Kind.NOT_ASKED, "its rate-limit let no query leave");
      }
    }

    void onTooLate() {
      inVain(
          left ? LeaseAnswer.Kind.NO_ANSWER : LeaseAnswer.Kind.NOT_ASKED,
          left ? "no answer in time" : "its rate-limit let no query leave");
    }

    void onReply(ClientServerMessage reply, Duid from) {
      Optional<StatusCodeOption> refusal =
          reply
              .options()
              .first(StatusCodeOption.class)
              .filter(status -> !status.status().equals(StatusCode.SUCCESS));
      List<ClientDataOption> data = reply.options().all(ClientDataOption.class);
      Optional<LqClientLinkOption> links = reply.options().first(LqClientLinkOption.class);
      List<LeasedClient> clients = new ArrayList<>();
      for (ClientDataOption one : data) {
        LeasedClient.of(from, one, reply.options())
            .ifPresent(client -> clients.add(client.orOn(query.link())));
      }
      if (refusal.isPresent()) {
        String words = refusal.get().status() + " " + refusal.get().message();
        inVain(LeaseAnswer.Kind.REFUSED, words.strip());
      } else if (!clients.isEmpty()) {
        forget();
        question.told(this, clients);
      } else if (data.isEmpty() && links.isPresent() && !isForOneLink()) {
        forget();
        question.askOnLinks(this, links.get().addresses());
      } else {
        inVain(
            LeaseAnswer.Kind.NOTHING_KNOWN,
            data.isEmpty() ? "" : "CLIENT_DATA without client, lease or CLT_TIME");
      }
    }

    void inVain(LeaseAnswer.Kind how, String detail) {
      forget();
      question.inVain(this, how, detail);
    }

    void forget() {
      again.ifPresent(Timers.Timer::cancel);
      byTransaction.remove(transactionId);
    }
  }
}
