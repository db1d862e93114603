using System.Diagnostics;

namespace Osprey.Tracing.Tests.Packages;

/// <summary>The packages, as somebody else's new program uses them: from a folder, by the README's two lines.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-package").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Packages_InNewPrograms_TraceCheckFormatsAndAnswerRequests()
    {
        await PackAsync("Osprey.Tracing", "Osprey.Tracing.AspNetCore");
        await RunConsoleProgramAsync();
        await RunWebServiceAsync();
    }

    private async Task RunConsoleProgramAsync()
    {
        await CreateAsync("console", "Orders", "Osprey.Tracing");
        Write(
            "Orders/Program.cs",
            """
            using Osprey.Tracing;

            Tracing.Enable("order*");
            using (Strace.To(Console.WriteLine))
                Orders.Find.Record(7);

            static class Orders
            {
                public static readonly Tracepoint<int> Find = Tracepoint.Define<int>("order_find", "number=%d");
            }
            """
        );
        string output = await RunAsync("run", "--project", "Orders");
        Assert.EndsWith("order_find(number=7)", output.TrimEnd(), StringComparison.Ordinal);

        // The analyzer is in the package.
        Write("Orders/Program.cs", "Osprey.Tracing.Tracepoint.Define<int>(\"order_find\", \"number=%d %s\");\n");
        (int code, output) = await StartAsync("build", "Orders");
        Assert.NotEqual(0, code);
        Assert.Contains("error OSPT001", output, StringComparison.Ordinal);
    }

    private async Task RunWebServiceAsync()
    {
        await CreateAsync("web", "Shop", "Osprey.Tracing", "Osprey.Tracing.AspNetCore");
        // One request to itself, and the end.
        Write(
            "Shop/Program.cs",
            """
            using Osprey.Tracing;
            using Osprey.Tracing.AspNetCore;

            var app = WebApplication.CreateBuilder(args).Build();
            app.MapOspreyTracing();
            app.Urls.Add("http://127.0.0.1:0");
            await app.StartAsync();
            _ = Orders.Find.IsActive;
            using var client = new HttpClient();
            Console.WriteLine(await client.GetStringAsync(app.Urls.First() + "/trace/event/order_find"));
            await app.StopAsync();

            static class Orders
            {
                public static readonly Tracepoint<int> Find = Tracepoint.Define<int>("order_find", "number=%d");
            }
            """
        );
        Assert.Contains(
            "{\"name\": \"order_find\", \"id\": \"order_find\", \"enabled\": false, \"backtrace\": false}",
            await RunAsync("run", "--project", "Shop"),
            StringComparison.Ordinal
        );
    }

    /// <summary>Packs what the tests were built with.</summary>
    private async Task PackAsync(params string[] projects)
    {
        // .../artifacts/bin/PROJECT/CONFIGURATION
        string own = AppContext.BaseDirectory.TrimEnd('/');
        string root = Path.GetFullPath(Path.Combine(own, "../../../.."));
        string configuration = Path.GetFileName(own);
        foreach (string project in projects)
        {
            await RunAsync(
                "pack",
                $"{root}/src/{project}",
                "--no-build",
                "--configuration",
                char.ToUpperInvariant(configuration[0]) + configuration[1..],
                "--output",
                $"{_folder}/packages"
            );
        }

        Write(
            "nuget.config",
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder}/cache" /></config>
              <packageSources><clear /><add key="local" value="{_folder}/packages" /></packageSources>
            </configuration>
            """
        );
    }

    private async Task CreateAsync(string template, string name, params string[] packages)
    {
        await RunAsync("new", template, "--output", name, "--no-restore");
        foreach (string package in packages)
            await RunAsync("add", name, "package", package);
    }

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(_folder, path), text);

    private async Task<string> RunAsync(params string[] arguments)
    {
        (int code, string output) = await StartAsync(arguments);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private async Task<(int Code, string Output)> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test runner's own settings are not for these.
        foreach (
            string name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.Ordinal))
        )
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output + await errors);
    }
}
