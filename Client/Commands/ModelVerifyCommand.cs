using System.CommandLine;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Client.Verification;
using ExplicitCluster.Grains.Models;

namespace ExplicitCluster.Client.Commands;

/// <summary>
/// <c>explicit models verify M</c>: reads the model's sources again, whatever is remembered of them, and compares hashes. It computes in this process;
/// with a cluster only the model comes from there.
/// </summary>
internal static class ModelVerifyCommand
{
    public static Command Create()
    {
        var model = ModelsCommand.ModelArgument();
        var command = new Command("verify", "Computes a model again from its sources and compares hashes.") { model };
        command.SetAction((parsed, cancellationToken) => RunAsync(CommandContext.Of(parsed), parsed.GetRequiredValue(model), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string reference, CancellationToken cancellationToken)
    {
        var store = await context.OpenStoreAsync(cancellationToken);
        var model = await ModelFolder.FindAsync(store, reference, cancellationToken);
        var facts = await new ModelVerification(store, model).RunAsync(context.Error, context.Verbose, cancellationToken);
        if (context.Json)
            Console.Out.WriteLine(VerificationView.JsonOf(model, facts));
        else
            VerificationView.Show(facts, context.Out);
        var differing = facts.Where(fact => !fact.Matches).Select(fact => fact.What).ToList();
        return differing.Count == 0
            ? ExitCode.Done
            : throw new JobException(
                $"{ModelVerification.NameOf(model)} is not what its sources give now; different: {string.Join("; ", differing)}",
                "put the sources back as they were, or delete what is damaged in the store and train again");
    }
}
