using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// The one gate of a silo that CPU work goes through, off the grain scheduler: as many pieces at once as there are slots, so that messages
/// and pings never wait for arithmetic.
/// </summary>
public sealed class ComputeGate(IOptions<ExplicitOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan EndOfWork = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(options.Value.EffectiveSlots);
    private int _running;
    private int _waiting;

    /// <summary>Pieces of work that have a slot now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Pieces of work that wait for one.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _slots.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        Interlocked.Increment(ref _running);
        try
        {
            return await Task.Run(() => work(cancellationToken), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _slots.Release();
        }
    }

    /// <summary>Waits a while for work that was cancelled to put away what it has open.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var slot = 0; slot < options.Value.EffectiveSlots; slot++)
            await _slots.WaitAsync(EndOfWork);
        _slots.Dispose();
    }
}
