using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>The compute gate as a worker or reducer uses it, which stays on its silo for as long as its activation lives.</summary>
internal sealed class RefinementGate(ComputeGate gate, SiloLosses losses) : IDisposable
{
    private readonly IDisposable _stay = gate.Stay();

    /// <inheritdoc cref="ComputeGate.RunAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) => gate.RunAsync(work, staying: true, cancellationToken);

    /// <summary>
    /// Waits for what several workers bring together, until one of them may be dead: who waits for a dead one would keep the grain from ending, and so from beginning anew.
    /// </summary>
    /// <exception cref="SiloUnavailableException">A silo died.</exception>
    public async Task<T> WaitAsync<T>(Task<T> brought, CancellationToken cancellationToken)
    {
        var death = losses.NextDeath;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, death);
        try
        {
            return await brought.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (death.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SiloUnavailableException("a silo died that may have been about to bring a part");
        }
    }

    public void Dispose() => _stay.Dispose();
}
