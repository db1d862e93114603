namespace Osprey.Tracing.Tests.Sampling;

/// <summary>A test that takes samples, which the kernel must allow.</summary>
public sealed class SamplerFactAttribute : FactAttribute
{
    private static readonly string? s_problem = Try();

    public SamplerFactAttribute() => Skip = s_problem;

    private static string? Try()
    {
        try
        {
            Sampler.Start(1);
            Sampler.Stop();
            return null;
        }
        catch (NotSupportedException e)
        {
            return e.Message;
        }
    }
}
