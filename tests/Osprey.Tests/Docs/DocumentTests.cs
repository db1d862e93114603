using System.Diagnostics;
using System.Text;
using Osprey.Tests.Cli;
using Osprey.Tests.Cli.Differential;
using Osprey.Tests.Recordings;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Docs;

/// <summary>Checks that the documents show what the program prints.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Documents =>
        [
            "README.md",
            "docs/compat.md",
            "docs/git.md",
            "docs/json.md",
            "docs/sql.md",
            "docs/symbols.md",
            "docs/viewers.md",
            "docs/vsock.md",
        ];

    /// <summary>
    /// Runs a document's examples. With OSPREY_ACCEPT=1 it writes the current output to the document.
    /// </summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_Examples_PrintWhatItShows(string document)
    {
        string path = Path.Combine(Checkout.Root, document);
        string text = File.ReadAllText(path);
        string actual = DocumentExamples.Regenerate(text);
        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllText(path, text = actual);

        Assert.Equal(text, actual);
    }

    [Fact]
    public void Readme_CommandLines_Succeed()
    {
        string folder = Directory.CreateTempSubdirectory("osprey-readme-").FullName;
        try
        {
            string[] commandLines =
            [
                .. DocumentExamples.CommandLines(File.ReadAllText(Path.Combine(Checkout.Root, "README.md"))),
            ];
            Assert.Contains("osprey demo", commandLines);
            foreach (string commandLine in commandLines)
            {
                string[] args = DocumentExamples.ArgumentsOf(commandLine);
                CommandRun run = CommandRun.Of(args is ["demo"] ? ["demo", "--output", folder] : args);
                Assert.Equal((commandLine, 0), (commandLine, run.ExitCode));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Checks that the script beside the traces of docs/compat.md makes the same traces again.</summary>
    [ToolFact("python3")]
    public void CompatTraces_MadeAnew_AreTheSame()
    {
        string folder = Directory.CreateTempSubdirectory("osprey-traces-").FullName;
        try
        {
            string committed = Path.Combine(Checkout.Root, "docs", "compat");
            using (Process script = Process.Start("python3", [Path.Combine(committed, "make-traces.py"), folder]))
                script.WaitForExit();

            Assert.Equal(Read(folder), Read(committed));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static Dictionary<string, string> Read(string folder) =>
            Directory
                .GetFiles(folder, "*.trace*")
                .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));
    }

    /// <summary>
    /// Compares the examples with the reference's output. Skips those for which the reference ends with an exception;
    /// docs/compat.md names them.
    /// </summary>
    [ReferenceFact]
    public void Compat_Examples_AreTheReferencesOutput()
    {
        using var reference = new ReferenceProgram();
        foreach (
            string commandLine in DocumentExamples.CommandLines(
                File.ReadAllText(Path.Combine(Checkout.Root, "docs/compat.md"))
            )
        )
        {
            string[] args = DocumentExamples.ArgumentsOf(commandLine);
            if (args is not ["trace", .. string[] rest] || !rest.Contains("--compat"))
                continue;

            (int _, byte[] output, string error) = reference.Run(rest.Where(arg => arg != "--compat"));
            if (error.Length == 0)
                Assert.Equal((commandLine, Encoding.UTF8.GetString(output)), (commandLine, CommandRun.Of(args).Text));
        }
    }
}
