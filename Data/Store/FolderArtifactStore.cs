using System.Runtime.CompilerServices;

namespace ExplicitCluster.Data.Store;

/// <summary>
/// Artifacts as files below one folder. A write fills a temporary file beside its destination and renames it. Conditions hold between threads and
/// processes: a lock file guards check and rename, and hands out strictly rising file times, so that an ETag (time and length) never comes twice for a name.
/// </summary>
/// <param name="root">The folder; made when first written to.</param>
public sealed class FolderArtifactStore(string root) : IArtifactStore
{
    private const string TemporaryPrefix = ".tmp-";
    private const string StatisticsPrefix = "statistics/";
    private const string JobsPrefix = "jobs/";
    private const string WeightParts = "/weights/";

    /// <summary>Full path of the folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    public Task<ArtifactInfo?> StatAsync(string name, CancellationToken ct)
    {
        var path = PathOf(name);
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(StoreErrors.Guard($"look at artifact {name}", Root, () => Stat(path)));
    }

    public async Task<Artifact?> ReadAsync(string name, CancellationToken ct)
    {
        var path = PathOf(name);
        try
        {
            // The handle pins one version of the file, whatever is renamed over it meanwhile.
            await using var stream = OpenForReading(path);
            if (stream.Length > Array.MaxLength)
                throw new StoreException($"Artifact {name} has {stream.Length} bytes, too many to be read at once.", "Read it in ranges.");
            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, ct);
            return new Artifact(content, ETagOf(File.GetLastWriteTimeUtc(stream.SafeFileHandle), content.Length));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (EndOfStreamException)
        {
            throw new ArtifactDamagedException(name, "its end", "the length it had when it was opened", "less");
        }
        catch (Exception error) when (StoreErrors.IsOfMedium(error))
        {
            throw StoreErrors.Translate($"read artifact {name}", Root, error);
        }
    }

    public async Task ReadRangeAsync(string name, long offset, Memory<byte> destination, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var path = PathOf(name);
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var rest = destination;
            while (rest.Length > 0)
            {
                var read = await RandomAccess.ReadAsync(handle, rest, offset + destination.Length - rest.Length, ct);
                if (read == 0)
                    throw new ArtifactDamagedException(name, "its end", $"at least {offset + destination.Length} bytes", $"{RandomAccess.GetLength(handle)}");
                rest = rest[read..];
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ArtifactMissingException(name, error);
        }
        catch (Exception error) when (StoreErrors.IsOfMedium(error))
        {
            throw StoreErrors.Translate($"read artifact {name}", Root, error);
        }
    }

    public async Task<string> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken ct)
    {
        var path = PathOf(name);
        // Saves the work where the condition fails already; the check that counts is made under the lock.
        if (condition != WriteCondition.Always)
            CheckCondition(name, condition, await StatAsync(name, ct));
        return await WriteTemporaryAsync(Path.GetDirectoryName(path)!, async (stream, token) =>
        {
            await write(stream, token);
            return name;
        }, condition, ct);
    }

    public Task<string> WriteStagedAsync(
        string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct) =>
        WriteTemporaryAsync(PathOf(folder), async (stream, token) =>
        {
            var name = await write(stream, token);
            return name.StartsWith(folder + "/", StringComparison.Ordinal)
                ? name
                : throw new ArgumentException($"Artifact {name} was staged in folder {folder} but does not lie in it.", nameof(write));
        }, condition, ct);

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var names = await Task.Run(() => StoreErrors.Guard($"list artifacts {prefix}*", Root, () => FindNames(prefix, ct)), ct);
        foreach (var name in names)
        {
            ct.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    public async Task DeleteAsync(string name, CancellationToken ct)
    {
        var path = PathOf(name);
        if (!Directory.Exists(Root)) return;
        using var held = await FolderLock.TakeAsync(Root, name, ct);
        StoreErrors.Guard($"delete artifact {name}", Root, () =>
        {
            if (File.Exists(path)) File.Delete(path);
            return true;
        });
    }

    private static ArtifactInfo? Stat(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new ArtifactInfo(file.Length, ETagOf(file.LastWriteTimeUtc, file.Length)) : null;
    }

    private static string ETagOf(DateTime time, long length) => $"{time.Ticks:x}-{length:x}";

    private static void CheckCondition(string name, WriteCondition condition, ArtifactInfo? present)
    {
        if (condition.MustBeAbsent ? present is not null : condition.ETag is { } etag && present?.ETag != etag)
            throw new ArtifactConflictException(name, condition, present?.ETag);
    }

    private static FileStream OpenForReading(string path) =>
        new(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.SequentialScan });

    private async Task<string> WriteTemporaryAsync(
        string folder, Func<Stream, CancellationToken, Task<string>> write, WriteCondition condition, CancellationToken ct)
    {
        var temporary = Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            var medium = new MediumStream(Create(temporary, folder), Root);
            string name;
            await using (medium)
            {
                await using var buffered = new BufferedStream(medium, 1 << 16);
                name = await write(buffered, ct);
                await buffered.FlushAsync(ct);
                if (!IsComputedAgain(name))
                    medium.FlushToDisk();
            }
            ct.ThrowIfCancellationRequested();
            using var held = await FolderLock.TakeAsync(Root, name, ct);
            return StoreErrors.Guard($"write artifact {name}", Root, () => Publish(temporary, name, condition, held));
        }
        finally
        {
            // Gone already where it was published.
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>
    /// Statistics, and the parts that weights are joined of, are many, and no job waits until the disk has them: those that went with the power are computed again, and checksums tell which
    /// these are.
    /// </summary>
    private static bool IsComputedAgain(string name) =>
        name.StartsWith(StatisticsPrefix, StringComparison.Ordinal) || (name.StartsWith(JobsPrefix, StringComparison.Ordinal) && name.Contains(WeightParts, StringComparison.Ordinal));

    private FileStream Create(string path, string folder) => StoreErrors.Guard("write", Root, () =>
    {
        Directory.CreateDirectory(folder);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    });

    private string Publish(string temporary, string name, WriteCondition condition, FolderLock held)
    {
        var path = PathOf(name);
        CheckCondition(name, condition, Stat(path));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.SetLastWriteTimeUtc(temporary, held.NextTime());
        var etag = Stat(temporary)!.ETag;
        File.Move(temporary, path, overwrite: true);
        return etag;
    }

    private List<string> FindNames(string prefix, CancellationToken ct)
    {
        // The last '/' of the prefix bounds the folder that has to be walked.
        var slash = prefix.LastIndexOf('/');
        var start = slash < 0 ? Root : Path.Combine(Root, prefix[..slash]);
        if (slash > 0) ArtifactName.Check(prefix[..slash]);
        var names = new List<string>();
        if (!Directory.Exists(start)) return names;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false };
        foreach (var path in Directory.EnumerateFiles(start, "*", options))
        {
            ct.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal) && ArtifactName.IsValid(name)) names.Add(name);
        }
        names.Sort(string.CompareOrdinal);
        return names;
    }

    private string PathOf(string name)
    {
        ArtifactName.Check(name);
        return Path.Combine(Root, name.Replace('/', Path.DirectorySeparatorChar));
    }
}
