using Osprey.Probes;
using Osprey.Probes.Names;

namespace Osprey.Session.Answers.Probes;

/// <summary>A probe in a list.</summary>
/// <param name="File">The file that it is in.</param>
/// <param name="Probe">The probe.</param>
/// <param name="Bias">
/// In a process, the number that is added to link-time addresses; null for a file alone.
/// </param>
/// <param name="SemaphoreValue">
/// In a process, how many listeners the semaphore counts; null for a probe without one, or a file alone.
/// </param>
/// <param name="Names">The names of the arguments at each site.</param>
public sealed record ListedProbe(
    ProbeFile File,
    Probe Probe,
    ulong? Bias,
    ushort? SemaphoreValue,
    IReadOnlyList<ArgumentName[]> Names
)
{
    /// <summary>
    /// The arguments in words, such as <c>query=char* %rdi</c>. Where sites differ in the places, these are left out.
    /// </summary>
    public string ArgumentText
    {
        get
        {
            ProbeSite first = Probe.Sites[0];
            bool isSame = Probe.Sites.All(site => site.Note.Arguments == first.Note.Arguments);
            return string.Join(", ", first.Arguments.Select((argument, i) => Describe(i, isSame)));
        }
    }

    private string Describe(int index, bool withOperand)
    {
        var argument = Probe.Sites[0].Arguments[index];
        ArgumentName name = Names
            .Where(names => index < names.Length)
            .Select(names => names[index])
            .FirstOrDefault(name => name.Name is not null);
        string type = name.IsText ? "char*" : argument.TypeName ?? "?";
        string place = withOperand ? $" {argument.OperandText}" : "";
        return name.Name is null ? type + place : $"{name.Name}={type}{place}";
    }
}
