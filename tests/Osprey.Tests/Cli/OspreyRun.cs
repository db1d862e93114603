using System.Diagnostics;
using Osprey.Tests.Builders;

namespace Osprey.Tests.Cli;

/// <summary>What one run of the program ended with and printed.</summary>
internal sealed record OspreyRun(int ExitCode, byte[] Output, string Errors)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output);

    /// <summary>All of it, for comparison with a golden file.</summary>
    public string Transcript => $"{Text}--- stderr\n{Errors}--- exit code {ExitCode}\n";

    /// <summary>Runs the program as a process.</summary>
    public static OspreyRun Start(string folder, params ReadOnlySpan<string> args)
    {
        ProcessStartInfo start = TestedProgram.With(args.ToArray());
        start.WorkingDirectory = folder;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        return new OspreyRun(process.ExitCode, output.ToArray(), errors.GetAwaiter().GetResult());
    }
}
