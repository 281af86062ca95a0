using ExplicitCluster.Bench;

// dotnet run -c Release --project bench -- kernels [--data FOLDER] [--dense-only] [--json]
// dotnet run -c Release --project bench -- coordination
// dotnet run -c Release --project bench -- scaling
switch (args)
{
    case ["kernels", .. var rest]:
        return KernelBench.Run(rest);
    case ["sweeps"]:
        return SweepBench.Run();
    case ["bare", var folder, var shardRows]:
        using (var images = new RotatedImages(BenchData.Load(BenchData.DefaultFolder), Path.Combine(folder, "images"), 10))
        {
            for (var i = 0; i < 3; i++)
                Console.WriteLine(await ClusterJob.BareAsync(ClusterJob.Of(images.Sources, int.Parse(shardRows, null)), Path.Combine(folder, "store")));
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: bench kernels [--data FOLDER] [--dense-only] [--json] | sweeps | coordination | scaling");
        return 2;
}
