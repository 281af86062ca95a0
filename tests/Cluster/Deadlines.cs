using System.Runtime.CompilerServices;

namespace ExplicitCluster.Cluster.Tests;

internal static class Deadlines
{
    /// <summary>The sequence, whose every next element must come in time.</summary>
    public static async IAsyncEnumerable<T> WithDeadline<T>(
        this IAsyncEnumerable<T> source, TimeSpan deadline, string awaited, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var items = source.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            bool any;
            try
            {
                any = await items.MoveNextAsync().AsTask().WaitAsync(deadline, cancellationToken);
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"{awaited} was not seen within {deadline}", exception);
            }
            if (!any)
                yield break;
            yield return items.Current;
        }
    }
}
