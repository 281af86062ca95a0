using System.Text.Encodings.Web;
using ExplicitCluster.Grains.Hosting;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ExplicitCluster.Silo;

/// <summary>Logs as lines of JSON with the fields of their scopes; metrics for Prometheus; both metrics and traces by OTLP where an endpoint is set.</summary>
internal static class Telemetry
{
    /// <summary>Name of the service in traces and metrics; OTEL_SERVICE_NAME names another.</summary>
    public const string ServiceName = "explicit-silo";

    /// <summary>Meter of the silo's machinery.</summary>
    public const string OrleansMeter = "Microsoft.Orleans";

    /// <summary>Sources of spans: calls between grains, and the work itself.</summary>
    private static readonly string[] Sources = ["Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", ExplicitInstruments.Name];

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            // The lines are read by people as well, and end in no web page.
            json.JsonWriterOptions = json.JsonWriterOptions with { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (string.IsNullOrEmpty(builder.Configuration["OTEL_SERVICE_NAME"]))
                    resource.AddService(ServiceName);
            })
            .WithMetrics(metrics => metrics.AddMeter(OrleansMeter, ExplicitInstruments.Name).AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource(Sources));
        if (!string.IsNullOrEmpty(builder.Configuration[Settings.OtlpEndpoint]))
            telemetry.UseOtlpExporter();
    }
}
