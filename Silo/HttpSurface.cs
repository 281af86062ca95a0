using System.Net;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Data.Store;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Dashboard;

namespace ExplicitCluster.Silo;

/// <summary>What a silo shows over HTTP: <c>/health/live</c>, <c>/health/ready</c>, <c>/metrics</c> and <c>/dashboard</c>.</summary>
internal static class HttpSurface
{
    public const string LivePath = "/health/live";
    public const string ReadyPath = "/health/ready";
    public const string MetricsPath = "/metrics";
    public const string DashboardPath = "/dashboard";

    /// <summary>How long the store may take to answer, for the silo to be ready; whoever asks has to wait a little longer.</summary>
    public static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    private const string HealthPath = "/health";
    private const string Ready = "ready";

    public static void AddHttpSurface(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<SiloHealthCheck>("silo", tags: [Ready])
        .AddCheck<StoreHealthCheck>("store", tags: [Ready]);

    public static void UseHttpSurface(this WebApplication app, SiloOptions options)
    {
        if (!IPAddress.IsLoopback(IPAddress.Parse(options.HttpAddress)))
            app.Use((context, next) => RequireToken(context, next, options.HttpToken!));
        app.MapHealthChecks(LivePath, new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks(ReadyPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync });
        app.MapPrometheusScrapingEndpoint(MetricsPath);
        if (options.HttpPort > 0)
            app.MapOrleansDashboard(DashboardPath);
    }

    /// <summary>Probes carry no token, and health says nothing that is worth one.</summary>
    private static Task RequireToken(HttpContext context, RequestDelegate next, string token)
    {
        if (context.Request.Path.StartsWithSegments(HealthPath))
            return next(context);
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()));
        if (CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token}"))))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }),
    });

    /// <summary>Ready is a silo that is active and not about to stop.</summary>
    internal sealed class SiloHealthCheck(ISiloStatusOracle silo, IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("the silo is stopping")
            : silo.CurrentStatus == SiloStatus.Active ? HealthCheckResult.Healthy("the silo is active")
            : HealthCheckResult.Unhealthy($"the silo is {silo.CurrentStatus}"));
    }

    /// <summary>The store answers within two seconds, whatever it says.</summary>
    internal sealed class StoreHealthCheck(IArtifactStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await store.StatAsync("health", cancellationToken).WaitAsync(StorePatience, cancellationToken);
                return HealthCheckResult.Healthy("the store answers");
            }
            catch (TimeoutException)
            {
                return HealthCheckResult.Unhealthy($"the store does not answer within {StorePatience.TotalSeconds:0} s");
            }
            catch (StoreException exception)
            {
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        }
    }
}
