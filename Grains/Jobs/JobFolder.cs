using System.Globalization;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>Jobs in the store: <c>jobs/ID/job.json</c>, written by the job's grain alone, each time on condition of the version it read.</summary>
public static class JobFolder
{
    private const string Root = "jobs/";
    private const string RecordFile = "/job.json";

    /// <summary>What the names of a job's parts of weights begin with.</summary>
    public static string WeightsPartsOf(string job) => $"{Root}{job}/weights/";

    /// <summary>What came of a grid.</summary>
    public static string GridOf(string job) => $"{Root}{job}/grid.json";

    /// <summary>What came of a learning curve.</summary>
    public static string CurveOf(string job) => $"{Root}{job}/curve.json";

    /// <summary>What the names of a job's checkpoints begin with.</summary>
    public static string RoundsOf(string job) => $"{Root}{job}/rounds/";

    /// <summary>A checkpoint's folder: the place in the work, and the attempt that wrote it.</summary>
    public static string RoundName(string job, int sweep, int chunk, long epoch) => $"{RoundsOf(job)}{sweep:D4}-{chunk:D6}-{epoch}";

    /// <summary>The attempt that wrote a file of a checkpoint.</summary>
    public static long EpochOf(string roundFile)
    {
        var folder = roundFile[..roundFile.LastIndexOf('/')];
        return long.TryParse(folder.AsSpan(folder.LastIndexOf('-') + 1), CultureInfo.InvariantCulture, out var epoch) ? epoch : 0;
    }

    /// <summary>A part; each attempt at the job has its own, so that a coordinator that was thought dead deletes none that is needed.</summary>
    public static string WeightsPartName(string job, int attempt, int tile) => $"{WeightsPartsOf(job, attempt)}{tile:D4}";

    /// <summary>What the names of an attempt's parts begin with.</summary>
    public static string WeightsPartsOf(string job, int attempt) => $"{WeightsPartsOf(job)}{attempt:D4}-";

    /// <summary>The record and its ETag, or null.</summary>
    public static Task<(JobRecord Value, string ETag)?> ReadAsync(IArtifactStore store, string job, CancellationToken cancellationToken) =>
        JsonArtifact.ReadAsync<JobRecord>(store, $"{Root}{job}{RecordFile}", null, cancellationToken);

    /// <summary>Writes the record over the version with <paramref name="etag"/>, or as the first where that is null; returns the new ETag.</summary>
    /// <exception cref="ArtifactConflictException">Somebody else has written it.</exception>
    public static Task<string> WriteAsync(IArtifactStore store, JobRecord record, string? etag, CancellationToken cancellationToken) =>
        JsonArtifact.WriteAsync(
            store, $"{Root}{record.Id}{RecordFile}", record, null, etag is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(etag), cancellationToken);

    /// <summary>Every job's record, newest first; what is damaged is told and passed over.</summary>
    public static async Task<IReadOnlyList<JobRecord>> ListAsync(IArtifactStore store, Action<Exception> damaged, CancellationToken cancellationToken)
    {
        var records = new List<JobRecord>();
        await foreach (var name in store.ListAsync(Root, cancellationToken))
        {
            if (!name.EndsWith(RecordFile, StringComparison.Ordinal))
                continue;
            try
            {
                if (await ReadAsync(store, name[Root.Length..^RecordFile.Length], cancellationToken) is { } record)
                    records.Add(record.Value);
            }
            catch (ArtifactDamagedException exception)
            {
                damaged(exception);
            }
        }
        return [.. records.OrderByDescending(record => record.Started)];
    }
}
