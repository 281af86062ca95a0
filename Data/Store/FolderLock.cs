using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ExplicitCluster.Data.Store;

/// <summary>
/// An exclusive lock on some names of a folder store, held for the moment of a check and a rename. 64 lock files serve all names; each remembers the last file
/// time it handed out, so that times rise strictly for a name even where clocks are coarse or step back.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string Folder = ".locks";
    private const int LockFiles = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static async Task<FolderLock> TakeAsync(string root, string name, CancellationToken ct)
    {
        var number = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name)) % LockFiles;
        var path = Path.Combine(root, Folder, number.ToString("x2"));
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        for (var wait = 1; ; wait = Math.Min(wait * 2, 16))
        {
            ct.ThrowIfCancellationRequested();
            if (TryTake(root, path) is { } taken) return taken;
            if (Environment.TickCount64 > deadline)
            {
                throw new StoreException(
                    $"Cannot write artifact {name}: another process has held {path} for {Patience.TotalSeconds} seconds.", "End the process that hangs.");
            }
            await Task.Delay(Random.Shared.Next(1, wait + 1), ct);
        }
    }

    /// <summary>A file time later than every one handed out under this lock before.</summary>
    public DateTime NextTime()
    {
        Span<byte> stamp = stackalloc byte[sizeof(long)];
        _file.Position = 0;
        var last = _file.ReadAtLeast(stamp, stamp.Length, throwOnEndOfStream: false) == stamp.Length ? BinaryPrimitives.ReadInt64LittleEndian(stamp) : 0;
        var next = Math.Max(DateTime.UtcNow.Ticks, last + 1);
        BinaryPrimitives.WriteInt64LittleEndian(stamp, next);
        _file.Position = 0;
        _file.Write(stamp);
        return new DateTime(next, DateTimeKind.Utc);
    }

    public void Dispose() => _file.Dispose();

    private static FolderLock? TryTake(string root, string path)
    {
        try
        {
            return new FolderLock(Open(path));
        }
        catch (IOException error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            // Either, as another process may create the folder between the system's answer and its reading by the runtime.
            StoreErrors.Guard("write", root, () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
            return null;
        }
        catch (IOException error) when (IsHeldElsewhere(error))
        {
            return null;
        }
        catch (Exception error) when (StoreErrors.IsOfMedium(error))
        {
            throw StoreErrors.Translate("write", root, error);
        }
    }

    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>A sharing violation: EWOULDBLOCK of flock on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    private static bool IsHeldElsewhere(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
