// Command embedded runs a real NATS server, or a real FerretDB over PostgreSQL, on machines that have no container engine.
//
// Each part prints one line of JSON when it accepts connections and ends cleanly on SIGTERM or SIGINT.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/v2/ferretdb"
	"github.com/nats-io/nats-server/v2/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "embedded:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: embedded nats|mongodb [flags]")
	}

	switch args[0] {
	case "nats":
		return runNATS(ctx, args[1:])
	case "mongodb":
		return runMongoDB(ctx, args[1:])
	default:
		return fmt.Errorf("unknown part %q, want nats or mongodb", args[0])
	}
}

func runNATS(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("nats", flag.ExitOnError)
	host := flags.String("host", "127.0.0.1", "address to listen on")
	port := flags.Int("port", 0, "client port, 0 picks a free one")
	httpPort := flags.Int("http-port", 0, "monitoring port, 0 picks a free one")
	store := flags.String("store", "", "directory of the JetStream files (required)")
	sync := flags.String("sync", "always", "when a write is synced to the disk: always, or every so often, such as 2m")
	name := flags.String("name", "embedded", "name of the server, unique in its cluster")
	clusterPort := flags.Int("cluster-port", 0, "port of the other servers of the cluster; 0: no cluster")
	config := flags.String("config", "", "configuration file with what has no flag here: users, tracing")
	routes := flags.String("routes", "", "comma-separated nats://host:port of the cluster's servers")
	verbose := flags.Bool("verbose", false, "log the server's notices to standard error")
	_ = flags.Parse(args)

	if *store == "" {
		return errors.New("nats: --store is required")
	}

	options := &server.Options{}

	if *config != "" {
		if err := options.ProcessConfigFile(*config); err != nil {
			return err
		}
	}

	options.ServerName, options.NoSigs = *name, true
	options.Host, options.Port, options.HTTPHost, options.HTTPPort = *host, orRandom(*port), *host, orRandom(*httpPort)
	options.JetStream, options.StoreDir = true, *store

	if err := syncWrites(options, *sync); err != nil {
		return err
	}

	if *clusterPort != 0 {
		options.Cluster = server.ClusterOpts{Name: "botfactory", Host: *host, Port: *clusterPort}
		options.Routes = server.RoutesFromStr(*routes)
	}

	nats, err := server.NewServer(options)
	if err != nil {
		return err
	}

	if *verbose || options.LogFile != "" {
		nats.ConfigureLogger()
	}

	nats.Start()

	if !nats.ReadyForConnections(30 * time.Second) {
		return errors.New("nats: not ready within 30 seconds")
	}

	ready(map[string]string{
		"url":        nats.ClientURL(),
		"monitoring": fmt.Sprintf("http://%s", nats.MonitorAddr()),
		"version":    server.VERSION,
	})
	<-ctx.Done()
	nats.Shutdown()
	nats.WaitForShutdown()

	return nil
}

// syncWrites sets what production demands, "always": an acknowledged message survives the machine. Other values are for
// tests that show a service refusing such a server.
func syncWrites(options *server.Options, when string) error {
	if when == "always" {
		options.SyncAlways = true

		return nil
	}

	interval, err := time.ParseDuration(when)
	if err != nil {
		return fmt.Errorf("nats: --sync is neither always nor a duration: %w", err)
	}

	options.SyncInterval = interval

	return nil
}

func runMongoDB(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("mongodb", flag.ExitOnError)
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on, port 0 picks a free one")
	postgresURL := flags.String("postgres-url", "", "PostgreSQL with the DocumentDB extension (required)")
	state := flags.String("state-dir", "", "directory of FerretDB's own state (required)")
	_ = flags.Parse(args)

	if *postgresURL == "" || *state == "" {
		return errors.New("mongodb: --postgres-url and --state-dir are required")
	}

	telemetry := false
	database, err := ferretdb.New(&ferretdb.Config{
		PostgreSQLURL: *postgresURL, ListenAddr: *listen, StateDir: *state, Telemetry: &telemetry,
		LogLevel: slog.LevelError, LogOutput: os.Stderr,
	})
	if err != nil {
		return err
	}

	done := make(chan struct{})
	go func() { defer close(done); database.Run(ctx) }()

	ready(map[string]string{"url": database.MongoDBURI()})
	<-done

	return nil
}

func orRandom(port int) int {
	if port == 0 {
		return server.RANDOM_PORT
	}

	return port
}

func ready(facts map[string]string) {
	_ = json.NewEncoder(os.Stdout).Encode(facts)
}
