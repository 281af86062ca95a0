using ExplicitCluster.Client.Commands;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Client.Hosting;

/// <summary>
/// A whole silo in the client's process, for local runs: the one place where the client hosts instead of calling. Listens on two free
/// loopback ports, since two silos on the same ports start without an error and then fail each other.
/// </summary>
internal sealed class EmbeddedSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedSilo(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IArtifactStore Store => _host.Services.GetRequiredService<IArtifactStore>();

    /// <summary>Starts the silo over the store at address <paramref name="store"/>; other settings come from the environment.</summary>
    public static async Task<EmbeddedSilo> StartAsync(string store, bool verbose, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration[$"{ExplicitOptions.Section}:{nameof(ExplicitOptions.Store)}"] = store;
        CheckSettings(builder.Configuration);
        builder.Logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.None);
        if (verbose)
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort.Next(), FreePort.Next())
            .AddExplicitCluster(builder.Configuration));
        var host = builder.Build();
        host.Services.GetRequiredService<IArtifactStore>(); // an address that cannot be opened is told before anything starts
        await host.StartAsync(cancellationToken);
        return new EmbeddedSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    /// <summary>A setting that is not of its type is a wrong usage; what its value may be is checked when the silo starts.</summary>
    private static void CheckSettings(ConfigurationManager configuration)
    {
        try
        {
            configuration.GetSection(ExplicitOptions.Section).Get<ExplicitOptions>();
        }
        catch (InvalidOperationException exception)
        {
            throw new UsageException(exception.Message, "correct the setting in the environment (EXPLICIT__NAME)");
        }
    }
}
