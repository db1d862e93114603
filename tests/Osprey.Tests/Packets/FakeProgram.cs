namespace Osprey.Tests.Packets;

/// <summary>A shell script that takes a program's place, removed in the end.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("osprey-test-");

    public FakeProgram(string script)
    {
        Path = System.IO.Path.Combine(_directory.FullName, "program");
        File.WriteAllText(Path, $"#!/bin/sh\n{script}\n");
        OtherProgram.Run("chmod", [], "700", Path);
    }

    public string Path { get; }

    public void Dispose() => _directory.Delete(recursive: true);
}
