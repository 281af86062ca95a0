using System.CommandLine;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Shards;
using Microsoft.Extensions.Configuration;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit data show SPEC</c>: what a job would read, without running it. Sources are read and checked; needs no silo.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var show = new Command("show", "Shows the sources, shards, labels and memory plan of a specification.") { TrainCommand.SpecificationArgument, TrainCommand.SetOption };
        show.SetAction(ShowAsync);
        return new Command("data", "Data of a specification.") { show, DataAddCommand.Create(), DataRemoveCommand.Create() };
    }

    /// <summary>The silo's settings as a job would have them.</summary>
    private static ExplicitOptions OptionsOf(string store)
    {
        var options = new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection(ExplicitOptions.Section).Get<ExplicitOptions>() ?? new ExplicitOptions();
        options.Store = store;
        return options.FindProblem() is { } problem ? throw new UsageException(problem, "correct the setting in the environment (EXPLICIT__NAME)") : options;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        var specification = SpecificationReader.Read(parsed.GetRequiredValue(TrainCommand.SpecificationArgument), parsed.GetValue(TrainCommand.SetOption) ?? []);
        var store = await context.StoreAddressAsync(cancellationToken);
        var reader = new SourceReader(CommandContext.Open(store));
        var overview = new DataOverview();
        foreach (var source in specification.Data.Train)
            await overview.AddAsync("train", reader, await reader.OpenAsync(source, labelsRequired: !source.IsText, cancellationToken), cancellationToken);
        foreach (var source in specification.Data.Test)
            await overview.AddAsync("test", reader, await reader.OpenAsync(source, labelsRequired: !source.IsText, cancellationToken), cancellationToken);
        var shards = overview.ShardsOf(specification.Data.ShardRows);
        // What texts become is found out by the job, in a pass over them.
        var encoder = overview.Train[0].IsText || overview.Train[0].Sparse is not null ? null : FeatureMaps.EncoderOf(LayerMaps.Outline(specification, overview.Labels.Count).Features, overview.Train[0].Shape, specification.Solve.ByGroup);
        var plan = encoder is null ? null : LayerMemory.PlanOf(specification, encoder.Shape, overview.Train.Sum(KeptRows.CountOf), overview.Labels.Values.Sum(rows => rows.Test), overview.Labels.Count, OptionsOf(store));
        long? tokens = null;
        if (specification.Language is not null && overview.Train.All(source => source.IsText))
            (plan, tokens) = LanguageMemory.EstimateOf(specification, overview.Train, OptionsOf(store));
        if (context.Json)
            Console.Out.WriteLine(DataView.JsonOf(overview, encoder?.Layout, shards, plan, tokens));
        else
            DataView.Show(overview, encoder?.Layout, shards, plan, tokens, context.Out);
        return ExitCode.Done;
    }
}
