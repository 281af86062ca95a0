using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Silo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

// One silo process over a folder store. Settings: environment EXPLICIT__NAME, or --Explicit:Name value on the command line.
var builder = Host.CreateApplicationBuilder(args);
var options = builder.Configuration.GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
if (options.FindProblem() is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(options.SiloPort, options.GatewayPort)
    .AddExplicitCluster(builder.Configuration));
await builder.Build().RunAsync();
return 0;
