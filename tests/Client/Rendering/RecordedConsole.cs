using System.Text;
using Spectre.Console;

namespace ExplicitCluster.Client.Tests.Rendering;

/// <summary>A console, of 80 columns unless told otherwise, that keeps what is written: a terminal, or a redirected output.</summary>
internal sealed class RecordedConsole
{
    private readonly StringBuilder _text = new();

    public RecordedConsole(bool isTerminal = false, int width = 80)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(new StringWriter(_text) { NewLine = "\n" }),
        });
        Console.Profile.Width = width;
        Console.Profile.Capabilities.Unicode = true;
    }

    public IAnsiConsole Console { get; }

    public string Text => _text.ToString();

    public string[] Lines => [.. Text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
}
