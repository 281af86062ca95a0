using System.CommandLine;
using System.Globalization;
using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Rendering.Curves;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Store;

namespace ExplicitCluster.Client.Commands;

/// <summary><c>explicit curve SPEC</c>: the error on test rows against the data used, from sums of stored shards, and whether more data is worth it.</summary>
internal static class CurveCommand
{
    private static readonly Option<string?> Shares = new("--shares") { Description = "Parts of the shards in per cent, ascending, 100 the last. Default: 1,3,10,30,100.", HelpName = "LIST" };

    private static readonly Option<string?> Report = new("--report") { Description = "When done, write the curve as NAME-curve.png into this folder.", HelpName = "FOLDER" };

    public static Command Create()
    {
        var command = new Command("curve", "A learning curve from stored statistics: what more data brings on the test rows. The explicit solution alone; compact and refine have no part in it.")
        {
            TrainCommand.SpecificationArgument, TrainCommand.SetOption, TrainCommand.DetachOption, Shares, Report,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var context = CommandContext.Of(parsed);
        TrainCommand.CheckDetach(parsed, context);
        var shares = SharesOf(parsed.GetValue(Shares));
        var specification = SpecificationReader.ReadCurve(parsed.GetRequiredValue(TrainCommand.SpecificationArgument), parsed.GetValue(TrainCommand.SetOption) ?? []);
        var folder = parsed.GetValue(Report);
        if (folder is not null && parsed.GetValue(TrainCommand.DetachOption))
            throw new UsageException("--report needs the end of the job, and --detach does not wait for it", "leave one of them out");
        if (folder is not null)
            WholeFile.CheckFolder(folder);
        return await JobRun.ToEndAsync(
            parsed, specification with { Curve = shares }, context, (record, store) => ShowAsync(record, store, folder, context, cancellationToken), cancellationToken);
    }

    /// <exception cref="UsageException">The list is none of ascending shares.</exception>
    internal static CurveSpecification SharesOf(string? list)
    {
        if (list is null)
            return new CurveSpecification();
        var shares = new List<double>();
        foreach (var text in list.Split(','))
        {
            if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) || share <= (shares.Count == 0 ? 0 : shares[^1]) || share > 100)
                throw new UsageException($"--shares is {Quoted.Of(list)}; expected ascending numbers above 0 and up to 100", "e.g. --shares 10,20,50,100");
            shares.Add(share);
        }
        return new CurveSpecification { Shares = shares[^1] < 100 ? [.. shares, 100] : [.. shares] };
    }

    private static async Task ShowAsync(JobRecord record, IArtifactStore store, string? folder, CommandContext context, CancellationToken cancellationToken)
    {
        var report = (await JsonArtifact.ReadAsync<CurveReport>(store, record.Result!.Report!, null, cancellationToken))?.Value
            ?? throw new JobException($"{record.Result.Report} is not in the store", "run the curve again: what was counted is kept");
        if (context.Json)
            Console.Out.WriteLine(CurveView.JsonOf(record, report));
        else
            CurveView.Show(record, report, context.Out);
        if (folder is null)
            return;
        var path = Path.Combine(folder, $"{report.Name}-curve.png");
        WholeFile.Write(path, CurvePlots.Of(report));
        Console.Error.WriteLine(path);
    }
}
