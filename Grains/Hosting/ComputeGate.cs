using Microsoft.Extensions.Options;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// The one gate of a silo that CPU work goes through, off the grain scheduler: as many pieces at once as there are slots, so that messages
/// and pings never wait for arithmetic. When the silo stops, what waits is refused at once and what runs has the drain period to end; whoever
/// asked for the work starts it again on another silo. Those who stay from piece to piece (<see cref="Stay"/>) may go on until they were led elsewhere.
/// </summary>
public sealed class ComputeGate : IAsyncDisposable
{
    private static readonly TimeSpan EndOfWork = TimeSpan.FromSeconds(10);

    /// <summary>Most time to wait for those who stay. The directory forgets grains whose addresses the silo itself kept: nobody leads those elsewhere, and waiting longer is in vain.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(5);

    /// <summary>Threads for messages beside those for work.</summary>
    private const int LeastOtherThreads = 4;

    private readonly ExplicitOptions _options;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _refusing = new();
    private readonly CancellationTokenSource _givingUp = new();
    private readonly Lock _stays = new();
    private readonly TaskCompletionSource _noneStays = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _staying;
    private bool _drains;
    private int _running;
    private int _waiting;

    public ComputeGate(IOptions<ExplicitOptions> options)
    {
        _options = options.Value;
        _slots = new SemaphoreSlim(_options.EffectiveSlots);
        // A piece holds its thread for as long as it computes. A pool of as many threads as processors adds others only some time after messages began to wait:
        // on one core the pieces of all other silos would wait a second or two for their first call.
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, _options.EffectiveSlots + Math.Max(LeastOtherThreads, Environment.ProcessorCount)), ports);
    }

    /// <summary>Pieces of work that have a slot now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Pieces of work that wait for one.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Somebody holds in memory what other silos wait for, until it is disposed of: a silo that stops waits so long, some seconds at most.</summary>
    public IDisposable Stay()
    {
        lock (_stays)
            _staying++;
        return new GateStay(Leave);
    }

    /// <summary>Runs work when a slot is free.</summary>
    /// <exception cref="SiloUnavailableException">The silo stops.</exception>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) => RunAsync(work, staying: false, cancellationToken);

    /// <summary>As the other; for who stays, also while the silo waits for that.</summary>
    internal async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, bool staying, CancellationToken cancellationToken)
    {
        await EnterAsync(staying ? CancellationToken.None : _refusing.Token, cancellationToken);
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

    /// <summary>Refuses what waits and what comes, gives up what still runs after the drain period, and waits a while until nobody stays.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _refusing.CancelAsync();
        _givingUp.CancelAfter(_options.DrainPeriod);
        lock (_stays)
        {
            _drains = true;
            if (_staying == 0)
                return;
        }
        var most = HandOver < _options.DrainPeriod ? HandOver : _options.DrainPeriod;
        await _noneStays.Task.WaitAsync(most, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits a while for work that was cancelled to put away what it has open.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var slot = 0; slot < _options.EffectiveSlots; slot++)
            await _slots.WaitAsync(EndOfWork);
        _slots.Dispose();
        _refusing.Dispose();
        _givingUp.Dispose();
    }

    private void Leave()
    {
        lock (_stays)
        {
            if (--_staying == 0 && _drains)
                _noneStays.TrySetResult();
        }
    }

    private async Task EnterAsync(CancellationToken refusing, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, refusing);
            await _slots.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (refusing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SiloUnavailableException("the silo stops and takes no more work");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
