using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>The compute gate as a worker or reducer uses it, which stays on its silo for as long as its activation lives.</summary>
internal sealed class RefinementGate(ComputeGate gate) : IDisposable
{
    private readonly IDisposable _stay = gate.Stay();

    /// <inheritdoc cref="ComputeGate.RunAsync{T}(Func{CancellationToken, Task{T}}, CancellationToken)"/>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) => gate.RunAsync(work, staying: true, cancellationToken);

    public void Dispose() => _stay.Dispose();
}
