using System.Diagnostics;
using ExplicitCluster.Client.Commands;
using ExplicitCluster.Grains.Hosting;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ExplicitCluster.Client.Hosting;

/// <summary>One span for the whole command, so that what silos do for it has its trace id; sent by OTLP where an endpoint is set.</summary>
internal sealed class ClientTracing : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServiceName = "explicit";

    private static readonly ActivitySource Source = new($"{ExplicitInstruments.Name}.Client");
    private static readonly string[] Sources = [Source.Name, ExplicitInstruments.Name, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application"];

    private readonly TracerProvider _provider;
    private readonly Activity? _command;

    private ClientTracing(TracerProvider provider, string command)
    {
        _provider = provider;
        _command = Source.StartActivity(command, ActivityKind.Client);
    }

    /// <summary>Null where nobody asks for traces.</summary>
    public static ClientTracing? Start(string command)
    {
        if (Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 } endpoint)
            return null;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"{EndpointVariable} is '{endpoint}'; expected an http or https address", "correct it, or unset it");
        var builder = Sdk.CreateTracerProviderBuilder().AddSource(Sources).AddOtlpExporter();
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            builder.ConfigureResource(resource => resource.AddService(ServiceName));
        return new ClientTracing(builder.Build(), command);
    }

    public void Dispose()
    {
        _command?.Dispose();
        _provider.Dispose();
    }
}
