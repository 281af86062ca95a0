using System.Globalization;
using System.Net;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Silo;
using Microsoft.AspNetCore.Hosting.Server;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Orleans.Configuration;
using Orleans.Dashboard;
using SiloOptions = ExplicitCluster.Silo.SiloOptions;

// One silo process. Settings: environment EXPLICIT__NAME, or --Explicit:Name value on the command line. docs/operations.md.
var builder = WebApplication.CreateBuilder(args);
var (options, work, problem) = Read(builder.Configuration);
if (problem is not null)
{
    Console.Error.WriteLine(problem);
    return 2;
}
var address = options.ToAddress();
if (address is not null && await address.FindProblemAsync(TimeSpan.FromSeconds(30)) is { } unreachable)
{
    Console.Error.WriteLine(unreachable);
    return 1;
}
var margin = TimeSpan.FromSeconds(5);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = work.DrainPeriod + 2 * margin);
builder.Services.Configure<GrainCollectionOptions>(grains => grains.DeactivationTimeout = work.DrainPeriod + margin);
if (options.HttpPort > 0)
    builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Parse(options.HttpAddress), options.HttpPort));
else
    builder.Services.AddSingleton<IServer, NoServer>();
builder.Services.AddHttpSurface();
var telemetry = builder.Services.AddOpenTelemetry()
    .WithMetrics(metrics => metrics.AddMeter("Microsoft.Orleans", ExplicitInstruments.Name).AddPrometheusExporter())
    .WithTracing(traces => traces.AddSource("Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", ExplicitInstruments.Name));
if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
    telemetry.UseOtlpExporter();
builder.UseOrleans(silo =>
{
    if (address is null)
    {
        silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort);
    }
    else
    {
        silo.UseRedisCluster(address).ConfigureEndpoints(options.Advertised, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);
        silo.Services.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.SiloListeningEndpoint = new IPEndPoint(options.Listen, options.SiloPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(options.Listen, options.GatewayPort);
        });
        silo.Services.AddSingleton(address).AddHostedService<MembershipWatch>();
    }
    silo.AddExplicitCluster(builder.Configuration).AddActivityPropagation();
    if (options.HttpPort > 0)
        silo.AddDashboard(); // it gathers its figures all the time, looked at or not
});
var app = builder.Build();
app.UseHttpSurface(options);
app.Services.GetRequiredService<ExplicitInstruments>(); // its gauges are read from the start
await app.StartAsync();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"silo ready {options.Advertised}:{options.SiloPort} gateway {options.GatewayPort} http {options.HttpPort}"));
await app.WaitForShutdownAsync();
return 0;

// The options, or the first rule that they break; a value of the wrong type breaks one too.
static (SiloOptions, ExplicitOptions, string?) Read(IConfiguration configuration)
{
    try
    {
        var silo = configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
        var work = configuration.GetSection(ExplicitOptions.Section).Get<ExplicitOptions>() ?? new ExplicitOptions();
        return (silo, work, silo.FindProblem() ?? work.FindProblem());
    }
    catch (InvalidOperationException exception)
    {
        return (new SiloOptions(), new ExplicitOptions(), exception.Message);
    }
}
