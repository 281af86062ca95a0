using System.Text.Unicode;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Data.Tests.Fuzz;

/// <summary>
/// Damages valid files and reads them. A file is refused in one line, or read: then every text is UTF-8, every value a number of at least 0, every label known, and a
/// part of the rows, and the rows decoded into a store, are those of the whole.
/// </summary>
internal sealed class SourceFuzz(string folder)
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>No file of a few kilobytes takes this long.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly MemoryStore _store = new();

    /// <summary>Files that were refused, and all.</summary>
    public (long Refused, long All) Counts { get; private set; }

    /// <summary>Reads the file of one number, on which it alone depends.</summary>
    /// <exception cref="InvalidOperationException">It was neither read nor refused; the message names the file, which is kept.</exception>
    public async Task TryAsync(int number)
    {
        var random = new Random(number);
        var (source, content) = FuzzSeeds.All[random.Next(FuzzSeeds.All.Count)];
        var damaged = Mutation.Of(content, FuzzSeeds.All[random.Next(FuzzSeeds.All.Count)].Content, random);
        var path = Path.Combine(folder, "damaged");
        await File.WriteAllBytesAsync(path, damaged);
        if (source.Format == SourceFormat.Idx) source = source with { Images = path, Labels = LabelsFile() };
        else source = source with { Path = path };
        var refused = false;
        try
        {
            await Task.Run(() => ReadAsync(source, random)).WaitAsync(Longest);
        }
        catch (SourceException error)
        {
            refused = true;
            if (error.Message.Any(char.IsControl) || error.Message.Length > 1000 || error.Remedy.Length == 0) throw Keep(number, path, source, error);
        }
        catch (Exception error)
        {
            throw Keep(number, path, source, error);
        }
        Counts = (Counts.Refused + (refused ? 1 : 0), Counts.All + 1);
        _store.Clear();
    }

    private async Task ReadAsync(SourceSpecification source, Random random)
    {
        var reader = new SourceReader(_store);
        await reader.OutlineAsync(source, None);
        var manifest = await reader.OpenAsync(source, labelsRequired: false, None);
        var rows = (int)manifest.Rows;
        var first = random.Next(rows);
        var count = 1 + random.Next(rows - first);
        var uploaded = await reader.UploadAsync(source, labelsRequired: false, new Progress<long>(), None);
        Check(uploaded.Id == manifest.Id && uploaded.Rows == rows && uploaded.Labels.SequenceEqual(manifest.Labels), "the uploaded manifest is another");
        if (!manifest.IsText && manifest.Sparse is null)
        {
            var numbers = await reader.ReadAsync(manifest, first, count, None);
            Check(numbers.Labels.All(label => label >= 0 && label < manifest.Labels.Length), "a label without a name");
            var same = await reader.ReadAsync(uploaded, first, count, None);
            Check(numbers.Rows.Bytes.SequenceEqual(same.Rows.Bytes), "decoded rows are others");
            return;
        }
        var all = await reader.ReadDocumentsAsync(manifest, 0, rows, None);
        Check(all.Count == rows && all.Labels.Length == (manifest.HasLabels ? rows : 0), "not all rows");
        var part = await reader.ReadDocumentsAsync(manifest, first, count, None);
        var decoded = await reader.ReadDocumentsAsync(uploaded, first, count, None);
        for (var row = 0; row < count; row++)
        {
            Check(part[row].SequenceEqual(all[first + row]) && decoded[row].SequenceEqual(part[row]), $"row {first + row} is another in a part");
            Check(manifest.Sparse is not null || Utf8.IsValid(part[row]), $"row {first + row} is no UTF-8");
            if (manifest.HasLabels) Check(part.Labels[row] == all.Labels[first + row] && decoded.Labels[row] == part.Labels[row] && part.Labels[row] < manifest.Labels.Length, $"the label of row {first + row}");
            if (part.Weights is { } weights) Check(weights[row] is >= 0 and < float.PositiveInfinity && weights[row] == decoded.Weights![row], $"the weight of row {first + row}");
        }
        if (manifest.Sparse is not null) CheckSparse(await reader.ReadSparseAsync(manifest, 0, rows, None), manifest);
    }

    private static void CheckSparse(SparseChunk rows, SourceManifest manifest)
    {
        Check(rows.Values.All(value => value is > 0 and < float.PositiveInfinity), "a value that is not above 0");
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = rows.Starts[row] + 1; i < rows.Starts[row + 1]; i++) Check(rows.Indices[i - 1] < rows.Indices[i], $"row {row} does not ascend");
        }
        Check(rows.Indices.All(index => index >= 0 && index < manifest.Sparse!.Inputs), "an index out of range");
    }

    private string LabelsFile()
    {
        var path = Path.Combine(folder, "labels");
        if (!File.Exists(path)) File.WriteAllBytes(path, IdxFile.Labels(1, 2, 1));
        return path;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds) throw new InvalidOperationException(what);
    }

    private static InvalidOperationException Keep(int number, string path, SourceSpecification source, Exception error)
    {
        var kept = Path.Combine(Path.GetTempPath(), $"fuzz-{number}");
        File.Copy(path, kept, overwrite: true);
        return new InvalidOperationException($"file {number}, format {source.Format}, kept as {kept}: {error.GetType().Name}: {error.Message}", error);
    }
}
