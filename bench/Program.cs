using ExplicitCluster.Bench;

// dotnet run -c Release --project bench -- kernels [--data FOLDER] [--dense-only] [--json]
switch (args)
{
    case ["kernels", .. var rest]:
        return KernelBench.Run(rest);
    default:
        Console.Error.WriteLine("usage: bench kernels [--data FOLDER] [--dense-only] [--json]");
        return 2;
}
