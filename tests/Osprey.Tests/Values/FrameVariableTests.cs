using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Values;
using Osprey.Values.Frames;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>Compares the parameters and local variables of all frames of a real stack with gdb's.</summary>
public sealed partial class FrameVariableTests
{
    private const string Gone = "<optimized out>";

    [ToolTheory("g++", "clang++", "gdb")]
    [Trait("Category", "Slow")]
    [InlineData("g++", "-O0 -gdwarf-5")]
    [InlineData("g++", "-O0 -gdwarf-4 -no-pie")]
    [InlineData("g++", "-Og -gdwarf-5")]
    [InlineData("g++", "-O2 -gdwarf-5")]
    [InlineData("g++", "-O2 -gdwarf-4 -fomit-frame-pointer -no-pie")]
    [InlineData("g++", "-O3 -gdwarf-5")]
    [InlineData("clang++", "-O0 -gdwarf-5")]
    [InlineData("clang++", "-O2 -gdwarf-5")]
    [InlineData("clang++", "-O2 -gdwarf-4 -no-pie")]
    public void Variables_OfEveryFrame_AreWhatGdbShows(string compiler, string options) =>
        Compare(compiler, options, (_, _) => true);

    /// <summary>
    /// In such a program, entries refer to entries of other units. For nested blocks gdb then shows the abstract ones,
    /// about which nothing is known. We do not find the length of the array whose length depends on the frame.
    /// </summary>
    [ToolFact("g++", "gdb")]
    [Trait("Category", "Slow")]
    public void Variables_OfAProgramOptimizedWhenLinked_AreWhatGdbShows() =>
        Compare("g++", "-O2 -gdwarf-5 -flto", (name, theirs) => name != "array" && theirs != Gone);

    private static void Compare(string compiler, string options, Func<string, string, bool> isCompared)
    {
        using var program = new StoppedProgram(compiler, options + " -Wno-vla-cxx-extension", "frames.cc");
        var differences = new StringBuilder();
        int known = 0;
        foreach (string[] line in program.FrameVariables)
        {
            (int frame, int inlined) = (
                int.Parse(line[0], CultureInfo.InvariantCulture),
                int.Parse(line[1], CultureInfo.InvariantCulture)
            );
            (string function, string name, string theirs) = (
                line[2],
                line[3],
                line[4].Replace("<synthetic pointer>", Gone, StringComparison.Ordinal)
            );
            FrameScope? scope = program.Scopes.FindFunction(frame, inlined);
            known += theirs.Contains(Gone, StringComparison.Ordinal) ? 0 : 1;
            Value? value = scope?.FindVariable(name);
            string ours = value is null
                ? "not there"
                : ValueText.FormatInner(value, new ValueTextOptions { Raw = true });
            if (isCompared(name, theirs) && !IsSame(ours, theirs, value?.Problem))
                differences.Append(
                    CultureInfo.InvariantCulture,
                    $"#{frame}.{inlined} {function} ({scope?.FunctionName}) {name}\n"
                        + $"  gdb:  {theirs}\n"
                        + $"  ours: {ours} {value?.Problem?.Message}\n"
                );
        }

        Assert.True(differences.Length == 0, $"{options}\n{differences}");
        Assert.True(known > 20, $"only {known} variables are known");
    }

    /// <summary>
    /// Names two known differences. For an object of which nothing is stored, gdb shows each field as optimized out. It
    /// also assumes that no register has changed since the caller; we treat those that a call may change (System V ABI
    /// for x86-64, "Registers") as unknown.
    /// </summary>
    private static bool IsSame(string ours, string theirs, ValueProblem? problem)
    {
        if (ours == Gone && problem is not null)
            return AllGone().Replace(theirs, Gone) == Gone || ChangedByCalls().IsMatch(problem.Message);

        string pattern = string.Join(".+", NotKnown().Split(ours).Select(Regex.Escape));
        return NotKnown().Matches(ours).All(found => ChangedByCalls().IsMatch(found.Value))
            && Regex.IsMatch(theirs, $"^{pattern}$");
    }

    [GeneratedRegex(@"\{(\w+ = <optimized out>(, )?)+\}")]
    private static partial Regex AllGone();

    [GeneratedRegex(@"<not known: [^>]*>")]
    private static partial Regex NotKnown();

    [GeneratedRegex(@"\b(rax|rdx|rcx|rsi|rdi|r8|r9|r10|r11|register [1-3]\d) is not known\b")]
    private static partial Regex ChangedByCalls();
}
