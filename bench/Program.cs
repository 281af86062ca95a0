using ExplicitCluster.Bench;

// dotnet run -c Release --project bench -- kernels [--data FOLDER] [--dense-only] [--json]
// dotnet run -c Release --project bench -- coordination
// dotnet run -c Release --project bench -- scaling
// dotnet run -c Release --project bench -- averaging [--features complement|pixels|patches|orientations] [--workers 1,2,4] [--rate R,..] [--held-out] ...
// dotnet run -c Release --project bench -- refinement [--epoch-only]
switch (args)
{
    case ["kernels", .. var rest]:
        return KernelBench.Run(rest);
    case ["sweeps"]:
        return SweepBench.Run();
    case ["averaging", .. var rest]:
        return AveragingBench.Run(rest);
    case ["refinement", .. var rest]:
        return RefinementBench.Run(rest);
    case ["bare", var folder, var shardRows]:
        using (var images = new RotatedImages(BenchData.Load(BenchData.DefaultFolder), Path.Combine(folder, "images"), 10))
        {
            for (var i = 0; i < 3; i++)
                Console.WriteLine(await ClusterJob.BareAsync(ClusterJob.Of(images.Sources, int.Parse(shardRows, null)), Path.Combine(folder, "store")));
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: bench kernels [--data FOLDER] [--dense-only] [--json] | sweeps | averaging | refinement | coordination | scaling");
        return 2;
}
