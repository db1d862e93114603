using System.Buffers;
using System.Text;
using Osprey.Cli.Rendering.Streams;

namespace Osprey.Cli.Commands;

/// <summary>
/// Runs commands of this program one after the other and shows each with the command line that a user would type.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="program">The program's name in the command lines.</param>
internal sealed class DemoTour(Output output, string program)
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(" *?'\"$&|;<>()");

    /// <summary>The exit code of the last command that failed; that of success when none did.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Success;

    /// <summary>Writes a line of explanation.</summary>
    public void Say(string text)
    {
        output.Text.Append(text + "\n");
        output.Flush();
    }

    /// <summary>Runs a command and shows the first lines of what it prints.</summary>
    public void Show(string[] args, int lines)
    {
        string text = Encoding.UTF8.GetString(Run(args));
        int length = text.Split('\n').Length - 1;
        Begin(length > lines ? $"{CommandLine(args)} | head -{lines}" : CommandLine(args));
        foreach (string line in text.Split('\n').Take(Math.Min(lines, length)))
            output.Text.Append($"  {line}".TrimEnd() + "\n");

        End();
    }

    /// <summary>Runs a command and puts what it prints into a file.</summary>
    public void Save(string[] args, string path)
    {
        File.WriteAllBytes(path, Run(args));
        Begin($"{CommandLine(args)} > {path}");
        output.Flush();
    }

    /// <summary>
    /// Runs a command. Its messages are shown when it fails; what it notes of the recording is left out.
    /// </summary>
    private byte[] Run(string[] args)
    {
        (int code, byte[] data, string messages) = RunCaptured(args);
        if (code != Cli.ExitCode.Success)
        {
            ExitCode = code;
            Messages.Write(messages.TrimEnd());
        }

        return data;
    }

    private static (int Code, byte[] Data, string Messages) RunCaptured(string[] args)
    {
        using var capture = new OutputCapture();
        int code = Program.Main(args);
        return (code, capture.Data.ToArray(), capture.Messages.ToString());
    }

    private void Begin(string commandLine) => output.Text.Append($"\n  $ {commandLine}\n");

    private void End()
    {
        output.Text.Append((byte)'\n');
        output.Flush();
    }

    private string CommandLine(string[] args) => program + " " + string.Join(' ', args.Select(Quote));

    private static string Quote(string arg) =>
        arg.AsSpan().IndexOfAny(s_special) < 0 ? arg : $"'{arg.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
