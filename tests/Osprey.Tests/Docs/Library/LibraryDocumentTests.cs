using System.IO.Compression;
using Osprey.Tests.Cli.Guest;
using Osprey.Tests.Recordings;

namespace Osprey.Tests.Docs.Library;

/// <summary>Checks that the libraries can be used as packages, as docs/library.md shows.</summary>
[Trait("Category", "Slow")]
public sealed class LibraryDocumentTests
{
    /// <summary>
    /// Packs the libraries, and builds and runs the document's programs with them. With OSPREY_ACCEPT=1 it writes their
    /// output to the document.
    /// </summary>
    [Fact]
    public void Programs_WithThePackages_PrintWhatTheDocumentShows()
    {
        string path = Path.Combine(Checkout.Root, "docs", "library.md");
        string document = File.ReadAllText(path);
        string actual = document;
        using var guest = new SmallGuest();
        using var consumer = new PackageConsumer();
        consumer.Pack();
        CheckPackages(consumer.Packages);
        consumer.Restore();
        IReadOnlyList<LibraryProgram> programs = LibraryProgram.ReadAll(document);
        Assert.Equal(3, programs.Count);
        foreach (LibraryProgram program in programs)
        {
            IEnumerable<string> arguments = program.Arguments.Select(argument =>
                argument switch
                {
                    "guest.core" => guest.CorePath,
                    "guest.elf" => guest.ProgramPath,
                    _ => argument,
                }
            );
            actual = program.Replace(actual, consumer.Run(program.Source, arguments));
        }

        if (Environment.GetEnvironmentVariable("OSPREY_ACCEPT") == "1")
            File.WriteAllText(path, document = actual);

        Assert.Equal(document, actual);
    }

    /// <summary>Checks that each library is a package with its assembly, its documentation and the README.</summary>
    private static void CheckPackages(IReadOnlyDictionary<string, string> packages)
    {
        IReadOnlyList<string> libraries = PublicApiTests.Names;
        Assert.Equal(libraries.Append("Osprey.Libraries").Order(), packages.Keys.Order());
        foreach (string library in libraries)
        {
            using ZipArchive package = ZipFile.OpenRead(packages[library]);
            string[] files = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.Contains($"lib/net10.0/{library}.dll", files);
            Assert.Contains($"lib/net10.0/{library}.xml", files);
            Assert.Contains("README.md", files);
        }
    }
}
