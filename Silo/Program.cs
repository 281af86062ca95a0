using System.Globalization;
using System.Net;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Silo;
using k8s;
using Microsoft.AspNetCore.Hosting.Server;
using Orleans.Configuration;
using Orleans.Dashboard;

// One silo process. Settings: appsettings.json beside the program, environment EXPLICIT__NAME, --Explicit:Name value on the command line, and files in
// Explicit:SecretsFolder. docs/operations.md.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var (settings, problem) = Settings.Read(builder.Configuration);
if (settings is null)
    return Refuse(ExitCode.WrongSettings, problem!);
var (options, work) = settings;
var address = options.ToAddress();
if (address is not null && await address.FindProblemAsync(TimeSpan.FromSeconds(30)) is { } unreachable)
    return Refuse(ExitCode.Failed, unreachable);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.StopPeriod);
builder.Services.Configure<GrainCollectionOptions>(grains => grains.DeactivationTimeout = work.DrainPeriod + Settings.StopMargin);
if (options.HttpPort > 0)
    builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Parse(options.HttpAddress), options.HttpPort));
else
    builder.Services.AddSingleton<IServer, NoServer>();
builder.Services.AddHttpSurface();
builder.AddTelemetry();
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
        // The silo takes its pod's name, and pods that are gone are declared dead at once. Addresses and the cluster's name stay those of the settings.
        if (KubernetesClientConfiguration.IsInCluster())
            silo.UseKubernetesHosting();
    }
    silo.AddExplicitCluster(builder.Configuration).AddActivityPropagation();
    if (options.HttpPort > 0)
        silo.AddDashboard(); // it gathers its figures all the time, looked at or not
});
builder.Services.AddSingleton(settings.Roots);
try
{
    var app = builder.Build();
    app.UseHttpSurface(options);
    app.Services.GetRequiredService<ExplicitInstruments>(); // its gauges are read from the start
    await app.StartAsync();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{Settings.ReadyLine} {options.Advertised}:{options.SiloPort} gateway {options.GatewayPort} http {options.HttpPort}"));
    await app.WaitForShutdownAsync();
    return ExitCode.Stopped;
}
catch (Exception exception) when (exception is not OperationCanceledException)
{
    return Refuse(ExitCode.Failed, Settings.StartProblemOf(exception));
}

static int Refuse(int code, string line)
{
    Console.Error.WriteLine(line);
    return code;
}
