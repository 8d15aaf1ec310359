package io.coagateway.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the admin pages over HTTP on one thread of its own. Bounded in every direction: so many
 * connections, so long a request line, header and body, so long a silence.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private static final int MAX_LINE = 4096;
  private static final int MAX_HEADER = 8192;

  /** One subscriber record is far smaller. */
  private static final int MAX_BODY = 256 * 1024;

  private static final int IDLE_SECONDS = 30;

  private final AdminParameters parameters;
  private final Map<String, AdminRoute> routes = new LinkedHashMap<>();
  private final Optional<EventStream> events;
  private final ChannelGroup connections =
      new DefaultChannelGroup("admin", GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private Optional<Channel> listener = Optional.empty();
  private Optional<Channel> unix = Optional.empty();

  private AdminServer(AdminParameters parameters, AdminSources sources) {
    this.parameters = parameters;
    Optional<SearchRoute> search =
        sources
            .subscribers()
            .flatMap(s -> parameters.token().map(token -> new SearchRoute(s, token)));
    routes.put(
        "/",
        new StatusRoute(
            sources.status(),
            sources.health(),
            search.isPresent() ? StatusPage.Search.OPEN : StatusPage.Search.CLOSED));
    search.ifPresent(route -> routes.put(SearchRoute.PATH, route));
    routes.put("/health", new HealthRoute(sources.health()));
    routes.put("/metrics", new MetricsRoute(sources.metrics()));
    sources.subscribers().ifPresent(s -> routes.put("/subscribers", new SubscriberRoute(s)));
    events = sources.events().map(EventStream::new);
  }

  /**
   * Listens where the parameters say.
   *
   * @throws IOException when an address or socket cannot be had; its message says which and why
   */
  public static AdminServer start(AdminParameters parameters, AdminSources sources)
      throws IOException {
    AdminServer server = new AdminServer(parameters, sources);
    try {
      if (parameters.listen().isPresent()) {
        InetSocketAddress address = parameters.listen().get();
        server.listener =
            Optional.of(
                server.bind(
                    NioServerSocketChannel.class,
                    address,
                    "admin.listen: " + NetUtil.toSocketAddressString(address),
                    Optional.of(new HostCheck(parameters.hosts()))));
      }
      if (parameters.socket().isPresent()) {
        server.unix = Optional.of(server.bindUnix(parameters.socket().get()));
      }
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private Channel bindUnix(Path path) throws IOException {
    Files.deleteIfExists(path); // left behind by a process that was killed
    Channel channel =
        bind(
            NioServerDomainSocketChannel.class,
            UnixDomainSocketAddress.of(path),
            "admin.socket: " + path,
            Optional.empty());
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    return channel;
  }

  private Channel bind(
      Class<? extends ServerChannel> type,
      SocketAddress address,
      String what,
      Optional<HostCheck> hosts)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, hosts);
                  }
                });
    if (type == NioServerSocketChannel.class) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
    }
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          what
              + " cannot be opened: "
              + bound.cause().getMessage()
              + ". Is another gateway running? Give another, or none.",
          bound.cause());
    }
    return bound.channel();
  }

  private void accept(Channel channel, Optional<HostCheck> hosts) {
    if (connections.size() >= parameters.maxConnections()) {
      channel.close().addListener(closed -> LOG.debug("event=admin-connections-full"));
      return;
    }
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
        .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADER, MAX_HEADER))
        .addLast(new HttpServerKeepAliveHandler())
        .addLast(new HttpObjectAggregator(MAX_BODY, true))
        .addLast(new FlowControlHandler())
        .addLast(new AdminHandler(routes, events, parameters.token(), hosts));
  }

  /** Where HTTP is served; the port is the real one when 0 was asked for. */
  public Optional<InetSocketAddress> address() {
    return listener.map(channel -> (InetSocketAddress) channel.localAddress());
  }

  /** Stops at once; answers on their way may be cut short. */
  @Override
  public void close() {
    listener.ifPresent(channel -> channel.close().awaitUninterruptibly());
    unix.ifPresent(channel -> channel.close().awaitUninterruptibly());
    connections.close().awaitUninterruptibly();
    Future<?> stopped = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    stopped.awaitUninterruptibly();
    parameters
        .socket()
        .ifPresent(
            path -> {
              try {
                Files.deleteIfExists(path);
              } catch (IOException e) {
                LOG.debug("event=admin-socket-left path={}", path);
              }
            });
  }
}
