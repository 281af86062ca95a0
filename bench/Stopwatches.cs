using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Bench;

/// <summary>Medians of repeated runs, with the cache emptied in between where a kernel is to read from memory.</summary>
internal static class Stopwatches
{
    private const int Runs = 15;
    private const int EvictionBytes = 128 << 20;

    private static readonly byte[] Eviction = GC.AllocateArray<byte>(EvictionBytes, pinned: true);

    /// <summary>Keeps this process on the last core.</summary>
    public static void OneCore()
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            using var process = Process.GetCurrentProcess();
            process.ProcessorAffinity = 1 << (Environment.ProcessorCount - 1);
        }
    }

    public static double MedianSeconds(Action run, bool evict)
    {
        // Often enough for the run-time's own optimiser to be through with the code.
        var warm = Stopwatch.StartNew();
        for (var i = 0; i < 3 || warm.ElapsedMilliseconds < 300; i++)
            run();
        var seconds = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            if (evict)
                Evict();
            var start = Stopwatch.GetTimestamp();
            run();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[Runs / 2];
    }

    /// <summary>Sums bytes as 64-bit words, four vectors at a time: as fast as one thread reads memory.</summary>
    public static unsafe ulong Sum(byte* data, nint bytes)
    {
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (nint i = 0; i < bytes; i += 256)
        {
            a += Vector512.Load((ulong*)(data + i));
            b += Vector512.Load((ulong*)(data + i + 64));
            c += Vector512.Load((ulong*)(data + i + 128));
            d += Vector512.Load((ulong*)(data + i + 192));
        }
        return Vector512.Sum(a + b + c + d);
    }

    /// <summary>Bytes a second at which one thread reads memory: a sum over 1 GiB.</summary>
    public static unsafe double MemoryBandwidth()
    {
        const nint Bytes = 1 << 30;
        var data = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 1 << 21);
        try
        {
            new Span<byte>(data, (int)Bytes).Fill(1);
            ulong sum = 0;
            var seconds = MedianSeconds(() => sum += Sum(data, Bytes), evict: false);
            GC.KeepAlive(sum);
            return Bytes / seconds;
        }
        finally
        {
            NativeMemory.AlignedFree(data);
        }
    }

    private static unsafe void Evict()
    {
        // Written, not only read: pages never written may all be one page of zeros.
        Eviction[Random.Shared.Next(EvictionBytes)]++;
        for (var i = 0; i < EvictionBytes; i += 4096)
            Eviction[i]++;
        fixed (byte* data = Eviction)
            GC.KeepAlive(Sum(data, EvictionBytes));
    }
}
