import java.io.OutputStream;
import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Starts DynamoDB Local as its own main class does, which listens on every interface and outlives its parent; this one
 * listens on loopback only, on any free port, and ends when its standard input does. Takes DynamoDB Local's arguments,
 * prints "listening <port>" once it answers.
 */
public final class LoopbackLauncher {
  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer local = ServerRunner.createServerFromCommandLineArgs(arguments);
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    ServerConnector connector = (ServerConnector) ((Server) field.get(local)).getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    local.start();
    System.out.println("listening ".concat(String.valueOf(connector.getLocalPort())));
    System.in.transferTo(OutputStream.nullOutputStream());
    local.stop();
    System.exit(0);
  }
}
