package io.coagateway.admin;

import io.coagateway.listen.AcceptFailures;
import io.coagateway.listen.AcceptObserver;
import io.coagateway.wire.AddressText;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for {@link AdminSite} on one thread of its own. Bounded: so many connections at once,
 * those over the Unix socket counted apart, so that no stranger at the port closes it to the
 * operator.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final AdminParameters parameters;
  private final AdminSite site;
  private final AcceptObserver observer;
  private final ChannelGroup connections =
      new DefaultChannelGroup("admin", GlobalEventExecutor.INSTANCE);
  private final ChannelGroup unixConnections =
      new DefaultChannelGroup("admin-unix", GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private Optional<Channel> listener = Optional.empty();
  private Optional<Channel> unix = Optional.empty();

  private AdminServer(AdminParameters parameters, AdminSources sources, AcceptObserver observer) {
    this.parameters = parameters;
    this.observer = observer;
    this.site = new AdminSite(parameters.token(), sources);
  }

  /**
   * Listens where the parameters say.
   *
   * @param observer told of connections that could not be accepted
   * @throws IOException when an address or socket cannot be had; its message says which and why
   */
  public static AdminServer start(
      AdminParameters parameters, AdminSources sources, AcceptObserver observer)
      throws IOException {
    AdminServer server = new AdminServer(parameters, sources, observer);
    try {
      if (parameters.listen().isPresent()) {
        InetSocketAddress address = parameters.listen().get();
        server.listener =
            Optional.of(
                server.bind(
                    NioServerSocketChannel.class,
                    address,
                    "admin.listen: " + AddressText.of(address),
                    Optional.of(new HostCheck(parameters.hosts()))));
      }
      if (parameters.socket().isPresent()) {
        server.bindUnix(parameters.socket().get());
      }
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private void bindUnix(Path path) throws IOException {
    UnixSocketFile.clear(path);
    unix =
        Optional.of(
            bind(
                NioServerDomainSocketChannel.class,
                UnixDomainSocketAddress.of(path),
                "admin.socket: " + path,
                Optional.empty()));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
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
    AcceptFailures.watch(bound.channel(), observer);
    return bound.channel();
  }

  private void accept(Channel channel, Optional<HostCheck> hosts) {
    ChannelGroup open = hosts.isPresent() ? connections : unixConnections;
    if (open.size() >= parameters.maxConnections()) {
      channel.close().addListener(closed -> LOG.debug("admin-connections-full"));
      return;
    }
    open.add(channel);
    site.serve(channel.pipeline(), hosts);
  }

  /** Where HTTP is served; the port is the real one when 0 was asked for. */
  public Optional<InetSocketAddress> address() {
    return listener.map(channel -> (InetSocketAddress) channel.localAddress());
  }

  /** Stops at once; answers on their way may be cut short. */
  @Override
  public void close() {
    listener.ifPresent(channel -> channel.close().awaitUninterruptibly());
    unix.ifPresent(this::closeUnix);
    connections.close().awaitUninterruptibly();
    unixConnections.close().awaitUninterruptibly();
    Future<?> stopped = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    stopped.awaitUninterruptibly();
  }

  /** The file goes while somebody still listens there, so that it is nobody else's yet. */
  private void closeUnix(Channel channel) {
    Path path = parameters.socket().orElseThrow();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.debug("admin-socket-left path={}", path);
    }
    channel.close().awaitUninterruptibly();
  }
}
