using ExplicitCluster.Abstractions.Errors;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Writes a file under another name first, so that no reader sees half of it and none is left behind.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, over one that is there; its folder is made.</summary>
    /// <exception cref="JobException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = TemporaryName(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            try
            {
                using (var file = File.Create(temporary))
                    file.Write(content);
                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, exception);
        }
    }

    /// <summary>Makes a folder, for work whose end is to be written there, and tries to write to it before that begins.</summary>
    /// <exception cref="JobException">It cannot be written to.</exception>
    public static void CheckFolder(string folder)
    {
        var temporary = TemporaryName(Path.Combine(folder, "empty"));
        try
        {
            Directory.CreateDirectory(folder);
            using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(folder, exception);
        }
    }

    private static string TemporaryName(string path) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");

    private static JobException Refused(string path, Exception exception) =>
        new($"{path} cannot be written: {exception.Message}", "name a folder that can be written to, and look whether the disk is full");
}
