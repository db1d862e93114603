using System.Diagnostics;
using System.Security;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Docs.Library;

/// <summary>A console project outside the checkout that uses the libraries as packages from a folder.</summary>
internal sealed class PackageConsumer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-library-").FullName;

    /// <summary>A version that no other feed or cache has.</summary>
    private readonly string _version = $"0.0.1-test{Guid.NewGuid():n}";

    /// <summary>The names of the packages in the feed, without version, and their files.</summary>
    public IReadOnlyDictionary<string, string> Packages =>
        Directory
            .GetFiles(Feed, "*.nupkg")
            .ToDictionary(path => Path.GetFileName(path).Replace($".{_version}.nupkg", "", StringComparison.Ordinal));

    private string Feed => Path.Combine(_folder, "feed");

    private string ProjectFolder => Path.Combine(_folder, "program");

    /// <summary>Packs the libraries that the build made.</summary>
    public void Pack()
    {
        string projects = string.Concat(
            Directory
                .GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                .Where(path => Path.GetFileNameWithoutExtension(path) != "Osprey.Cli")
                .Select(path => $"<Project Path=\"{SecurityElement.Escape(path)}\" />")
        );
        string solution = Path.Combine(_folder, "libraries.slnx");
        File.WriteAllText(solution, $"<Solution>{projects}</Solution>");
        // The tests run from a folder that is named like the configuration.
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string name = configuration == "debug" ? "Debug" : "Release";
        string version = $"-p:Version={_version}";
        Dotnet(Checkout.Root, "pack", solution, "-c", name, "--no-build", version, $"-p:PackageOutputPath={Feed}");
    }

    /// <summary>Makes the project and restores its packages, without a network.</summary>
    public void Restore()
    {
        Directory.CreateDirectory(ProjectFolder);
        // Other packages are those that the build of this checkout restored.
        string restored =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(
            Path.Combine(ProjectFolder, "program.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
                <RestoreSources>{Feed}</RestoreSources>
                <RestorePackagesPath>{Path.Combine(_folder, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{restored}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Osprey.Libraries" Version="{_version}" />
              </ItemGroup>
            </Project>
            """
        );
        Dotnet(ProjectFolder, "restore");
    }

    /// <summary>Builds a program and runs it in the checkout's root.</summary>
    /// <returns>Its output.</returns>
    public string Run(string source, IEnumerable<string> arguments)
    {
        File.WriteAllText(Path.Combine(ProjectFolder, "Program.cs"), source);
        string output = Path.Combine(_folder, "out");
        Dotnet(ProjectFolder, "build", "--no-restore", "-o", output);
        return Dotnet(Checkout.Root, [Path.Combine(output, "program.dll"), .. arguments]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> messages = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}:\n{output}{messages.Result}");
        return output;
    }
}
