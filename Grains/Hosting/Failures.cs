using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Language;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Turns what the layers below throw into a cause and a remedy that may cross silos.</summary>
internal static class Failures
{
    /// <summary>The error as a <see cref="JobException"/>, or null where it is a fault of the machinery.</summary>
    public static JobException? Of(Exception exception) => exception switch
    {
        JobException job => job,
        SourceException source => new JobException(source.Message, source.Remedy),
        FeatureException feature => new JobException(feature.Message, feature.Remedy),
        TokenException token => new JobException(token.Message, token.Remedy),
        LanguageException language => new JobException(language.Message, language.Remedy),
        SolveException solve => new JobException(solve.Message, solve.Remedy),
        StoreException store => new JobException(store.Message, store.Remedy),
        OverflowException overflow => new JobException($"a number left its range: {overflow.Message}", "scale the values, use fewer rows in one job, or raise solve.alpha"),
        OutOfMemoryException => new JobException("the silo ran out of memory", "lower data.shardRows or Explicit:ComputeSlots, or give the process more memory"),
        _ => null,
    };

    /// <summary>
    /// Runs work on artifacts that can be computed again: one that proves damaged is removed, so that the next job computes it, and named.
    /// </summary>
    public static Task Heal(IArtifactStore store, Func<Task> work) => Heal(store, async () =>
    {
        await work();
        return 0;
    });

    /// <summary>As above, of work with a result.</summary>
    public static async Task<T> Heal<T>(IArtifactStore store, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ArtifactDamagedException damaged)
        {
            await store.DeleteAsync(damaged.Name, CancellationToken.None);
            throw new JobException($"{damaged.Message} It was removed.", "train again: only what was removed is computed again");
        }
    }

    /// <summary>Runs work and throws what <see cref="Of"/> makes of its errors.</summary>
    public static async Task<T> Translate<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is not JobException && Of(exception) is not null)
        {
            throw Of(exception)!;
        }
    }
}
