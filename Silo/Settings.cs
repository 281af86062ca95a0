using System.Net.Sockets;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Silo;

/// <summary>The settings of a silo's process, checked.</summary>
internal sealed record Settings(SiloOptions Silo, ExplicitOptions Work)
{
    /// <summary>Start of the line that a silo prints once it is ready.</summary>
    public const string ReadyLine = "silo ready";

    /// <summary>Where metrics and traces are sent to; an address of OpenTelemetry's own settings.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>For grains to let go, and again for the silo to leave the cluster, after the drain period.</summary>
    public static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(5);

    /// <summary>How long the process may take to stop; what supervises it must not kill it earlier.</summary>
    public TimeSpan StopPeriod => Work.DrainPeriod + 2 * StopMargin;

    public SourceRoots Roots => new(Work.DataRoots);

    /// <summary>The settings, or the first rule that they break, in a line without secrets; a value of the wrong type breaks one too.</summary>
    public static (Settings? Settings, string? Problem) Read(ConfigurationManager configuration)
    {
        try
        {
            if (configuration[$"{SiloOptions.Section}:{nameof(SiloOptions.SecretsFolder)}"] is { Length: > 0 } secrets)
            {
                if (!Directory.Exists(secrets))
                    return (null, $"SiloOptions.SecretsFolder must name a folder (there is no {secrets})");
                configuration.AddKeyPerFile(Path.GetFullPath(secrets), optional: false);
            }
            var silo = configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
            var work = configuration.GetSection(ExplicitOptions.Section).Get<ExplicitOptions>() ?? new ExplicitOptions();
            if ((silo.FindProblem() ?? work.FindProblem() ?? ProblemOfTelemetry(configuration[OtlpEndpoint])) is { } problem)
                return (null, problem);
            ArtifactStores.Open(work.Store, work.StoreConnection);
            silo.ToAddress();
            return (new Settings(silo, work), null);
        }
        catch (StoreException exception)
        {
            return (null, $"ExplicitOptions.Store: {exception.Message} {exception.Remedy}");
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return (null, exception.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>Why the silo does not start, in a line.</summary>
    public static string StartProblemOf(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied })
                return $"the silo cannot listen: {exception.Message.ReplaceLineEndings(" ")} Free the port, or set SiloPort, GatewayPort or HttpPort, and the addresses, otherwise.";
        }
        return $"the silo does not start: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")} Its log has the details.";
    }

    private static string? ProblemOfTelemetry(string? endpoint) =>
        string.IsNullOrEmpty(endpoint) || (Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? null
            : $"{OtlpEndpoint} must be an http or https address (was '{endpoint}')";
}
