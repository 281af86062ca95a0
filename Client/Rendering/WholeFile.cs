using ExplicitCluster.Abstractions.Errors;

namespace ExplicitCluster.Client.Rendering;

/// <summary>Writes a file under another name first, so that no reader sees half of it and none is left behind.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file, over one that is there; its folder is made.</summary>
    /// <exception cref="JobException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
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
            throw new JobException($"{path} cannot be written: {exception.Message}", "choose a folder that can be written to with --output, or make room on the disk");
        }
    }
}
