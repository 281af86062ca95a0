using ExplicitCluster.Abstractions.Shards;

namespace ExplicitCluster.Data.Sources;

/// <summary>Reads a part of a source's file where it lies.</summary>
internal static class InPlaceFile
{
    /// <exception cref="SourceException">The file has changed since the manifest was made.</exception>
    public static void CheckUnchanged(SourceFile file)
    {
        if (SourceInput.Stamp(file.Path) is not { } now) throw SourceErrors.Missing(file.Path);
        if (now.Length != file.Length || now.Modified != file.Modified) throw SourceErrors.Changed(file.Path);
    }

    /// <exception cref="SourceException">The file has changed since the manifest was made, or cannot be read.</exception>
    public static void Read(SourceFile file, long offset, Span<byte> destination)
    {
        if (!File.Exists(file.Path)) throw SourceErrors.Missing(file.Path);
        try
        {
            using var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            CheckUnchanged();
            while (destination.Length > 0)
            {
                var read = RandomAccess.Read(handle, destination, offset);
                if (read == 0) throw SourceErrors.Changed(file.Path);
                destination = destination[read..];
                offset += read;
            }
            // Again, in case it was written to while it was read.
            CheckUnchanged();

            void CheckUnchanged()
            {
                if (RandomAccess.GetLength(handle) != file.Length || File.GetLastWriteTimeUtc(handle).Ticks != file.Modified)
                    throw SourceErrors.Changed(file.Path);
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw SourceErrors.NoPermission(file.Path);
        }
        catch (IOException error)
        {
            throw SourceErrors.Unreadable(file.Path, error);
        }
    }
}
