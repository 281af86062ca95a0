namespace ExplicitCluster.Data.Tests;

/// <summary>Damages a file in every way of one kind, one at a time, and restores it.</summary>
internal static class Damage
{
    /// <summary>Flips one bit of every byte, a different one from byte to byte; of every <paramref name="step"/>th byte beyond the first and last 4,096.</summary>
    public static async Task ForEachByteAsync(string path, Func<Task> check, int step = 1)
    {
        var content = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < content.Length; i += i < 4096 || i > content.Length - 4096 ? 1 : step)
        {
            var damaged = (byte[])content.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            await File.WriteAllBytesAsync(path, damaged);
            await check();
        }
        await File.WriteAllBytesAsync(path, content);
    }

    /// <summary>Cuts the file to every length below its own, and adds a byte.</summary>
    public static async Task ForEachLengthAsync(string path, Func<Task> check, int step = 1)
    {
        var content = await File.ReadAllBytesAsync(path);
        for (var length = 0; length < content.Length; length += step)
        {
            await File.WriteAllBytesAsync(path, content[..length]);
            await check();
        }
        await File.WriteAllBytesAsync(path, [.. content, 0]);
        await check();
        await File.WriteAllBytesAsync(path, content);
    }
}
