using Microsoft.Extensions.Hosting;

namespace ExplicitCluster.Client.Hosting;

/// <summary>The console decides what Ctrl-C means, not the host.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
