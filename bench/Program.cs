using ExplicitCluster.Bench;

// dotnet run -c Release --project bench -- kernels [--data FOLDER] [--dense-only] [--json]
// dotnet run -c Release --project bench -- cluster [--sources N] [--rounds N] [--shard-rows N]
// dotnet run -c Release --project bench -- sweeps
switch (args)
{
    case ["kernels", .. var rest]:
        return KernelBench.Run(rest);
    case ["cluster", .. var rest]:
        return await ClusterBench.RunAsync(rest);
    case ["sweeps"]:
        return SweepBench.Run();
    case ["bare", var images, var store, var sources, var shardRows]: // the cluster bench's own child
        return await BareProcess.ServeAsync(images, store, int.Parse(sources, null), int.Parse(shardRows, null));
    default:
        Console.Error.WriteLine("usage: bench kernels [--data FOLDER] [--dense-only] [--json] | cluster [--sources N] [--rounds N] [--shard-rows N] | sweeps");
        return 2;
}
