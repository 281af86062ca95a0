using System.Diagnostics;
using ExplicitCluster.Abstractions.Errors;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>
/// Runs the pieces of a stage (shards, tiles, sources) on other grains: in parallel, results in order. What fails for reasons of the cluster is
/// tried again; a piece that lags behind all others, or waits for a busy silo while another one is idle, is started a second time elsewhere, and the first
/// result counts. That is safe because a piece is a pure function of the store. The first failure for good cancels the rest. Used from one grain's scheduler, so
/// nothing is locked.
/// </summary>
/// <param name="retried">Told what is tried again, and why.</param>
/// <param name="silos">How many silos there are.</param>
/// <param name="slots">Pieces that a silo runs at once.</param>
internal sealed class PieceRunner(Action<string, string> retried, int silos, int slots)
{
    private const int MostCallsAtOnce = 256;

    /// <summary>Attempts at a piece that fails by itself; what fails so often will fail again.</summary>
    private const int MostFailures = 4;

    /// <summary>Attempts at a piece whose silo dies or stops: over half a minute of them, longer than it takes to notice any death.</summary>
    private const int MostLosses = 72;

    /// <summary>A piece lags if it takes so many times as long as half of the others took.</summary>
    private const double LagFactor = 3;

    private static readonly TimeSpan LeastLag = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LagCheck = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Short beside the time that it takes to notice a death: what is left of the last pause is added to the job's time.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs all pieces.</summary>
    /// <exception cref="PieceFailedException">A piece failed for good.</exception>
    public async Task<T[]> RunAsync<T>(Pieces<T> pieces, CancellationToken cancellationToken)
    {
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var calls = new SemaphoreSlim(MostCallsAtOnce);
        var lags = new LagWatch(pieces.Count);
        var lanes = new PieceLanes(pieces.Count, pieces.HoldsState ? 1 : silos, slots);
        Exception? first = null;
        var results = new T[pieces.Count];
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(failure.Token);
        var watch = silos > 1 ? lags.WatchAsync(watching.Token) : Task.CompletedTask;
        await Task.WhenAll(Enumerable.Range(0, pieces.Count).Select(RunPieceAsync));
        await watching.CancelAsync();
        await watch;
        cancellationToken.ThrowIfCancellationRequested();
        return first is null ? results : throw first;

        async Task RunPieceAsync(int piece)
        {
            await calls.WaitAsync(CancellationToken.None);
            try
            {
                if (failure.IsCancellationRequested)
                    return;
                var second = lags.Begin(piece);
                lanes.Begin(piece);
                results[piece] = await FirstOfCopiesAsync(pieces, piece, second, failure.Token);
                lags.End(piece);
                foreach (var (waiting, copy) in lanes.End(piece))
                    lags.TakeOver(waiting, copy);
                pieces.Done(piece);
            }
            catch (Exception exception)
            {
                first ??= exception;
                await failure.CancelAsync();
            }
            finally
            {
                calls.Release();
            }
        }
    }

    /// <summary>The piece's result, from its second copy if there is one and that is the faster.</summary>
    private async Task<T> FirstOfCopiesAsync<T>(Pieces<T> pieces, int piece, Task<SecondCopy> second, CancellationToken cancellationToken)
    {
        using var copies = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var here = CancellationTokenSource.CreateLinkedTokenSource(copies.Token);
        var original = PersistAsync(pieces, piece, copy: 0, here.Token);
        if (await Task.WhenAny(original, second) == original)
            return await original;
        var (copy, lags) = await second;
        if (!lags)
            return await TakeOverAsync(pieces, piece, copy, original, here, cancellationToken);
        retried(pieces.NameOf(piece), "it lagged behind all others and was started a second time");
        var result = await await Task.WhenAny(original, PersistAsync(pieces, piece, copy, copies.Token));
        await copies.CancelAsync();
        return result;
    }

    /// <summary>A piece that only waits is taken from its silo, unless it is done in the meantime, and given to another.</summary>
    private async Task<T> TakeOverAsync<T>(Pieces<T> pieces, int piece, int copy, Task<T> original, CancellationTokenSource here, CancellationToken cancellationToken)
    {
        await here.CancelAsync();
        try
        {
            return await original;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await PersistAsync(pieces, piece, copy, cancellationToken);
        }
    }

    private async Task<T> PersistAsync<T>(Pieces<T> pieces, int piece, int copy, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (int failures = 0, losses = 0; ;)
        {
            try
            {
                return await pieces.CallAsync(piece, copy, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (JobException exception)
            {
                throw new PieceFailedException(pieces.NameOf(piece), exception);
            }
            catch (Exception exception)
            {
                var reason = Describe(exception);
                if (IsLoss(exception) ? ++losses >= MostLosses : ++failures >= MostFailures)
                {
                    throw new PieceFailedException(pieces.NameOf(piece), new JobException(
                        $"{pieces.NameOf(piece)} failed {losses + failures} times; the last time: {reason}",
                        "look into the logs of the silos, then go on with 'explicit jobs resume': what is done is kept"));
                }
                retried(pieces.NameOf(piece), reason);
            }
            await Task.Delay(pause, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Whether the silo went away, rather than the work failed. A callee that was cancelled by no one here was on a silo that stopped.</summary>
    public static bool IsLoss(Exception exception) =>
        exception is SiloUnavailableException or OrleansMessageRejectionException or OperationCanceledException or TimeoutException;

    /// <summary>An error in one line.</summary>
    public static string Describe(Exception exception)
    {
        var line = $"{exception.GetType().Name}: {exception.Message}".ReplaceLineEndings(" ");
        return line.Length <= 200 ? line : line[..200];
    }

    /// <summary>Why and where a piece is started a second time.</summary>
    /// <param name="Copy">The place of the copy: so many silos on.</param>
    /// <param name="Lags">Whether it lags, rather than waits.</param>
    private readonly record struct SecondCopy(int Copy, bool Lags);

    /// <summary>When each piece began, how long those took that ended, and who waits to hear that a piece is to be started a second time.</summary>
    private sealed class LagWatch(int count)
    {
        private readonly Dictionary<int, (long Start, TaskCompletionSource<SecondCopy> Second)> _running = [];
        private readonly List<TimeSpan> _took = [];
        private int _begun;

        public Task<SecondCopy> Begin(int piece)
        {
            var second = new TaskCompletionSource<SecondCopy>();
            _running[piece] = (Stopwatch.GetTimestamp(), second);
            _begun++;
            return second.Task;
        }

        public void TakeOver(int piece, int copy) => _running[piece].Second.TrySetResult(new SecondCopy(copy, Lags: false));

        public void End(int piece)
        {
            _took.Add(Stopwatch.GetElapsedTime(_running[piece].Start));
            _running.Remove(piece);
        }

        /// <summary>Only at the end of a stage, when silos fall idle, is there something to be won by a second copy.</summary>
        public async Task WatchAsync(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(LagCheck, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                if (_took.Count == 0 || _begun < count || 2 * _took.Count < count)
                    continue;
                var half = _took.Order().ElementAt(_took.Count / 2);
                foreach (var (start, second) in _running.Values.ToList())
                {
                    var elapsed = Stopwatch.GetElapsedTime(start);
                    if (elapsed > LeastLag && elapsed > LagFactor * half)
                        second.TrySetResult(new SecondCopy(1, Lags: true));
                }
            }
        }
    }
}
