using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// The one gate of a silo that CPU work goes through, off the grain scheduler: as many pieces at once as there are slots, so that messages
/// and pings never wait for arithmetic. When the silo stops, what waits is refused at once and what runs has the drain period to end; whoever
/// asked for the work starts it again on another silo.
/// </summary>
public sealed class ComputeGate(IOptions<ExplicitOptions> options) : IAsyncDisposable
{
    private static readonly TimeSpan EndOfWork = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(options.Value.EffectiveSlots);
    private readonly CancellationTokenSource _refusing = new();
    private readonly CancellationTokenSource _givingUp = new();
    private int _running;
    private int _waiting;

    /// <summary>Pieces of work that have a slot now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Pieces of work that wait for one.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Runs work when a slot is free.</summary>
    /// <exception cref="SiloUnavailableException">The silo stops.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        Interlocked.Increment(ref _running);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _givingUp.Token);
        try
        {
            return await Task.Run(() => work(either.Token), either.Token);
        }
        catch (OperationCanceledException) when (_givingUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SiloUnavailableException("the silo stops and gave the work up");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _slots.Release();
        }
    }

    /// <summary>Refuses what waits and what comes, and gives up what still runs after the drain period.</summary>
    public async Task DrainAsync()
    {
        await _refusing.CancelAsync();
        _givingUp.CancelAfter(options.Value.DrainPeriod);
    }

    /// <summary>Waits a while for work that was cancelled to put away what it has open.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var slot = 0; slot < options.Value.EffectiveSlots; slot++)
            await _slots.WaitAsync(EndOfWork);
        _slots.Dispose();
        _refusing.Dispose();
        _givingUp.Dispose();
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _refusing.Token);
            await _slots.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_refusing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SiloUnavailableException("the silo stops and takes no more work");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
