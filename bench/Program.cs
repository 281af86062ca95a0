using ExplicitCluster.Bench;

// dotnet run -c Release --project bench -- kernels [--data FOLDER] [--dense-only] [--json]
// dotnet run -c Release --project bench -- averaging [--features complement|pixels|patches|orientations] [--workers 1,2,4] [--rate R,..] [--held-out] ...
// dotnet run -c Release --project bench -- refinement [--epoch-only]
// dotnet run -c Release --project bench -- cluster [--features patches|orientations] [--sources N] [--rounds N] [--shard-rows N]
// dotnet run -c Release --project bench -- sweeps
// dotnet run -c Release --project bench -- exchange
// dotnet run -c Release --project bench -- sections FOLDER
// dotnet run -c Release --project bench -- slices FOLDER
// dotnet run -c Release --project bench -- text [--json]
// dotnet run -c Release --project bench -- language [--figures | --sgd RATE,..]
// dotnet run -c Release --project bench -- zipf [--bytes N] [--silos N] [--run-bytes N] [--kill]
switch (args)
{
    case ["kernels", .. var rest]:
        return KernelBench.Run(rest);
    case ["cluster", .. var rest]:
        return await ClusterBench.RunAsync(rest);
    case ["exchange"]:
        return await ExchangeBench.RunAsync();
    case ["sections", var folder]:
        return DebianSections.Write(folder);
    case ["slices", var folder]:
        return TaggedImages.Write(folder);
    case ["text", .. var rest]:
        return TextBench.Run(rest);
    case ["sweeps"]:
        return SweepBench.Run();
    case ["zipf", .. var rest]:
        return await ZipfBench.RunAsync(rest);
    case ["language", .. var rest]:
        return await LanguageBench.RunAsync(rest);
    case ["averaging", .. var rest]:
        return AveragingBench.Run(rest);
    case ["refinement", .. var rest]:
        return RefinementBench.Run(rest);
    case ["bare", var images, var store, .. var rest]: // the cluster bench's own child
        return await BareProcess.ServeAsync(images, store, rest);
    default:
        Console.Error.WriteLine(
            "usage: bench kernels [--data FOLDER] [--dense-only] [--json] | cluster [--features patches|orientations] [--sources N] [--rounds N] [--shard-rows N] | sweeps | exchange | averaging | refinement "
            + "| sections FOLDER | slices FOLDER | text [--json] | language [--figures | --sgd RATE,..] | zipf [--bytes N] [--silos N] [--run-bytes N] [--kill]");
        return 2;
}
