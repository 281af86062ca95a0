using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Silos;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Language;
using Spectre.Console;

namespace ExplicitCluster.Client.Uploads;

/// <summary>
/// Makes a specification that silos elsewhere can read: local sources go into the cluster's store, decoded; those in folders that all silos may
/// read go by path.
/// </summary>
internal sealed class SourceUpload(IArtifactStore store, SourceReader reader, IReadOnlyList<SiloStatusReport> silos, IAnsiConsole console)
{
    private readonly IReadOnlyList<string> _roots =
        [.. silos.Select(silo => silo.DataRoots.AsEnumerable()).Aggregate((left, right) => left.Intersect(right, StringComparer.Ordinal)).Select(RealPath.Of)];

    /// <exception cref="SourceException">A file is missing, damaged or not what the specification says.</exception>
    public async Task<JobSpecification> PrepareAsync(JobSpecification specification, CancellationToken cancellationToken)
    {
        foreach (var tokens in specification.Tokens)
            await Tokenizers.EnsureAsync(store, tokens, cancellationToken);
        var data = specification.Data with { Train = await PrepareAsync(specification.Data.Train, cancellationToken) };
        if (specification.Evaluate != EvaluateRows.None)
            data = data with { Test = await PrepareAsync(data.Test, cancellationToken) };
        return specification with { Data = data };
    }

    private async Task<ImmutableArray<SourceSpecification>> PrepareAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken)
    {
        var prepared = ImmutableArray.CreateBuilder<SourceSpecification>(sources.Length);
        foreach (var source in sources)
            prepared.Add(source.Dataset is not null || IsReadBySilos(source) ? source : await UploadAsync(source, cancellationToken));
        return prepared.DrainToImmutable();
    }

    private bool IsReadBySilos(SourceSpecification source) =>
        new[] { source.Images, source.Labels, source.Path }.OfType<string>().Select(RealPath.Of).All(path => _roots.Any(root => RealPath.IsWithin(root, path)));

    private async Task<SourceSpecification> UploadAsync(SourceSpecification source, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var name = Quoted.Escape(source.Images ?? source.Path ?? "");
        var bytes = 0L;
        var capabilities = console.Profile.Capabilities;
        var manifest = capabilities.Interactive && capabilities.Ansi
            ? await console.Status().StartAsync(
                Markup.Escape($"uploading {name}"),
                status => reader.UploadAsync(source, labelsRequired: !source.IsText, new Written(count =>
                {
                    bytes = count;
                    status.Status = Markup.Escape($"uploading {name}: {Figures.Bytes(count)}");
                }), cancellationToken))
            : await reader.UploadAsync(source, labelsRequired: !source.IsText, new Written(count => bytes = count), cancellationToken);
        var what = bytes == 0 ? "in the store already" : $"{Figures.Bytes(bytes)}, {Figures.Seconds(Stopwatch.GetElapsedTime(started).TotalSeconds)}";
        console.Profile.Out.Writer.WriteLine($"upload: {name}, {Figures.Count(manifest.Rows)} rows, {what}");
        return manifest.Specification;
    }

    /// <summary>Called where the bytes are written, not later from elsewhere.</summary>
    private sealed class Written(Action<long> told) : IProgress<long>
    {
        public void Report(long value) => told(value);
    }
}
